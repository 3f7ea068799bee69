import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";

/** The place of a server that imitates a service. */
export interface Listening {
  /** The scheme, host and port. */
  readonly origin: string;
  /** Ends all connections, and frees the port. */
  close(): Promise<void>;
}

/**
 * Listens for HTTP requests.
 *
 * @param serve answers a request; where it fails, the connection is broken
 * @throws Error when the port cannot be bound
 */
export async function listen(
  serve: (message: IncomingMessage, response: ServerResponse) => Promise<void>,
  { host = "127.0.0.1", port = 0, tls }: {
    readonly host?: string;
    readonly port?: number;
    readonly tls?: { readonly cert: string; readonly key: string };
  },
): Promise<Listening> {
  const handler = (message: IncomingMessage, response: ServerResponse) => {
    serve(message, response).catch(() => response.destroy());
  };
  const server = tls ? createTlsServer(tls, handler) : createServer(handler);
  // Clients that do not trust the certificate break off, which is no failure of the simulator.
  server.on("tlsClientError", () => {});
  server.on("clientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
  const { port: bound } = server.address() as { port: number };
  return {
    origin: `${tls ? "https" : "http"}://${host}:${bound}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
