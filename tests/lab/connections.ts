import { connect, type Socket } from "node:net";

/** Where to connect, on 127.0.0.1 or to a UNIX socket, and from which address. */
export type To = { readonly port: number; readonly from?: string } | { readonly path: string };

/** Connects; an error that comes later is passed over. */
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

/** Connects from a process of its own: connector.ts, which tells what its arguments are. */
export const connectorCommand: readonly string[] = [
  Deno.execPath(),
  "run",
  "--quiet",
  "--allow-net",
  // For UNIX sockets.
  "--allow-read",
  "--allow-write",
  new URL("connector.ts", import.meta.url).pathname,
];
