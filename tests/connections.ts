import { connect, type Socket } from "node:net";

/** Where to connect, on 127.0.0.1 or to a UNIX socket, and from which address. */
export type To = { readonly port: number; readonly from?: string } | { readonly path: string };

/** Connects, without an error ever being thrown afterwards. */
export async function connected(to: To): Promise<Socket> {
  const socket = "path" in to
    ? connect(to.path)
    : connect({ host: "127.0.0.1", port: to.port, localAddress: to.from });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.on("connect", resolve).on("error", reject);
  await promise;
  return socket;
}

/** Connects and sends a reset at once (SO_LINGER 0). */
export async function connectAndReset(to: To): Promise<void> {
  const socket = await connected(to);
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on("close", () => resolve());
  if ("path" in to) socket.destroy();
  else socket.resetAndDestroy();
  await promise;
}
