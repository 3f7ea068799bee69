/**
 * Listens on a UNIX socket that only its owner may use. A socket left behind by a killed process is
 * replaced.
 *
 * @throws Error when listening fails; the message says why
 */
export async function listenAtPath(path: string): Promise<Deno.Listener> {
  try {
    const other = await Deno.connect({ transport: "unix", path });
    other.close();
  } catch (error) {
    // A socket that nobody listens on was left behind by a killed node.
    const left = error instanceof Deno.errors.ConnectionRefused &&
      (await Deno.lstat(path)).isSocket;
    if (left) await Deno.remove(path);
    return listenForOwner(path);
  }
  throw new Deno.errors.AddrInUse("another process answers there");
}

/** Listens with access for the node's own user alone: a client that may connect may ask. */
function listenForOwner(path: string): Deno.Listener {
  const umask = Deno.umask(0o177);
  try {
    return Deno.listen({ transport: "unix", path });
  } finally {
    Deno.umask(umask);
  }
}
