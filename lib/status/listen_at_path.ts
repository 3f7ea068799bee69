/** Who may use a socket, besides root: its owner alone, or the owner's group too. */
export type SocketAccess = "owner" | "group";

const umasks = { owner: 0o177, group: 0o117 } as const;

// The bytes of a UNIX socket's path, of which the kernel takes one more for its end.
const longestPath = Deno.build.os === "darwin" ? 103 : 107;

/**
 * Listens on a UNIX socket. A socket left behind by a killed process is replaced.
 *
 * @throws Error when listening fails; the message says why
 */
export async function listenAtPath(path: string, access: SocketAccess): Promise<Deno.Listener> {
  const { length } = new TextEncoder().encode(path);
  if (length > longestPath) {
    throw new Error(`the path has ${length} bytes, and a socket's can have ${longestPath}`);
  }
  try {
    const other = await Deno.connect({ transport: "unix", path });
    other.close();
  } catch (error) {
    // A socket that nobody listens on was left behind by a killed node.
    const left = error instanceof Deno.errors.ConnectionRefused &&
      (await Deno.lstat(path)).isSocket;
    if (left) await Deno.remove(path);
    return listenFor(access, path);
  }
  throw new Deno.errors.AddrInUse("another process answers there");
}

/** Listens with the rights set from the first moment on: a client that may connect may ask. */
function listenFor(access: SocketAccess, path: string): Deno.Listener {
  const umask = Deno.umask(umasks[access]);
  try {
    return Deno.listen({ transport: "unix", path });
  } finally {
    Deno.umask(umask);
  }
}
