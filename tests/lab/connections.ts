import { connect, type Socket } from "node:net";

/** The target of a connection: a port of 127.0.0.1 (and a source address), or a UNIX socket. */
export type To = { readonly port: number; readonly from?: string } | { readonly path: string };

/** Connects; errors after that are ignored. */
export async function connected(to: To): Promise<Socket> {
  const socket = "path" in to
    ? connect(to.path)
    : connect({ host: "127.0.0.1", port: to.port, localAddress: to.from });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.on("connect", () => resolve()).on("error", reject);
  await promise;
  return socket;
}

/** Connects, and sends a reset at once (SO_LINGER 0); at a UNIX socket, where there is none, closes. */
export async function connectAndReset(to: To): Promise<void> {
  const socket = await connected(to);
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on("close", () => resolve());
  if ("path" in to) socket.destroy();
  else socket.resetAndDestroy();
  await promise;
}

/** The command that connects from a process of its own; see connector.ts for its arguments. */
export const connectorCommand: readonly string[] = [
  Deno.execPath(),
  "run",
  "--quiet",
  "--allow-net",
  // UNIX sockets need both permissions.
  "--allow-read",
  "--allow-write",
  new URL("connector.ts", import.meta.url).pathname,
];
