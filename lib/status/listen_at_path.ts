/**
 * Listens on a UNIX socket that only its owner may use; one that a killed process has left behind is
 * taken over.
 *
 * @throws Error when that cannot be; the message says why
 */
export async function listenAtPath(path: string): Promise<Deno.Listener> {
  try {
    const other = await Deno.connect({ transport: "unix", path });
    other.close();
  } catch (error) {
    // A socket that nobody listens on was left behind by a node that was killed.
    const left = error instanceof Deno.errors.ConnectionRefused &&
      (await Deno.lstat(path)).isSocket;
    if (left) await Deno.remove(path);
    return listenForOwner(path);
  }
  throw new Deno.errors.AddrInUse("another process answers there");
}

/** Who may connect may ask: the node's own user, and nobody else. */
function listenForOwner(path: string): Deno.Listener {
  const umask = Deno.umask(0o177);
  try {
    return Deno.listen({ transport: "unix", path });
  } finally {
    Deno.umask(umask);
  }
}
