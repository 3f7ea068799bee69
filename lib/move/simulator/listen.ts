import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { concatenate } from "../../base/concatenate.ts";

/** The address and the protocol of a simulator. */
export interface ListenOptions {
  /** The address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** The port to listen on; default: any that is free. */
  readonly port?: number;
  /** The certificate and key to serve https with, both PEM; http when left out. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A simulator that listens. */
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
  { host = "127.0.0.1", port = 0, tls }: ListenOptions,
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

/** The whole body of a request. @throws Error when the client breaks off */
export async function bodyOf(message: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return concatenate(chunks);
}
