import type { Stats } from "./report.ts";

/** Where to serve the stats: a TCP address, or the path of a UNIX socket. */
export type StatsListen =
  | { readonly address: { readonly host: string; readonly port: number } }
  | { readonly path: string };

/** What to serve, and where. */
export interface StatsServerOptions {
  readonly listen: StatsListen;
  /** Answer as HTTP/1.0 (`stats-http`). */
  readonly http: boolean;
  /** Asked anew for each answer. */
  readonly report: () => Stats;
}

/** A running stats socket. */
export interface StatsServer {
  /** Where it listens: `host:port`, or the path. */
  readonly at: string;
  /** Closes it and every connection. */
  close(): Promise<void>;
}

// A client gets one answer and may neither keep a place nor hold up anything.
const clientMs = 5_000;
const maxClients = 64;
const maxRequestBytes = 8_192;

/**
 * Answers every connection with the stats as one JSON document, and closes it, as uWSGI's stats
 * socket does.
 *
 * @throws Error when the address or path cannot be listened on; the message says why
 */
export async function serveStats(
  { listen, http, report }: StatsServerOptions,
): Promise<StatsServer> {
  const listener = "path" in listen
    ? await listenAtPath(listen.path)
    : Deno.listen({ hostname: listen.address.host, port: listen.address.port });
  const clients = new Map<Deno.Conn, Promise<void>>();
  const accepting = (async () => {
    for await (const client of listener) {
      if (clients.size >= maxClients) {
        client.close();
        continue;
      }
      const served = answer(client, http, report).finally(() => clients.delete(client));
      clients.set(client, served);
    }
  })();
  return {
    at: describe(listener.addr),
    async close() {
      listener.close();
      for (const client of clients.keys()) close(client);
      await Promise.all([accepting, ...clients.values()]);
      if ("path" in listen) await Deno.remove(listen.path).catch(() => {});
    },
  };
}

async function listenAtPath(path: string): Promise<Deno.Listener> {
  try {
    const other = await Deno.connect({ transport: "unix", path });
    other.close();
  } catch (error) {
    // A socket that nobody listens on was left behind by a node that was killed.
    const left = error instanceof Deno.errors.ConnectionRefused &&
      (await Deno.lstat(path)).isSocket;
    if (left) await Deno.remove(path);
    return Deno.listen({ transport: "unix", path });
  }
  throw new Deno.errors.AddrInUse("another process answers there");
}

async function answer(client: Deno.Conn, http: boolean, report: () => Stats): Promise<void> {
  const timer = setTimeout(() => close(client), clientMs);
  try {
    if (http) await readRequest(client);
    const document = new TextEncoder().encode(JSON.stringify(report(), undefined, 1) + "\n");
    if (http) await writeAll(client, head(document.length));
    await writeAll(client, document);
  } catch {
    // The client is gone, or was too slow: nobody is left to tell.
  } finally {
    clearTimeout(timer);
    close(client);
  }
}

/** Reads to the end of a request's head, since a client may not listen before it has sent it. */
async function readRequest(client: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(maxRequestBytes);
  let length = 0;
  while (length < buffer.length) {
    const read = await client.read(buffer.subarray(length));
    if (read === null) return;
    length += read;
    if (new TextDecoder().decode(buffer.subarray(0, length)).includes("\r\n\r\n")) return;
  }
}

function head(length: number): Uint8Array {
  return new TextEncoder().encode(
    "HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n" +
      `Content-Length: ${length}\r\n\r\n`,
  );
}

async function writeAll(client: Deno.Conn, bytes: Uint8Array): Promise<void> {
  while (bytes.length > 0) bytes = bytes.subarray(await client.write(bytes));
}

function close(client: Deno.Conn): void {
  try {
    client.close();
  } catch {
    // It is closed already.
  }
}

function describe(address: Deno.Addr): string {
  if (address.transport === "unix") return address.path;
  if (address.transport !== "tcp") throw new TypeError(`a stats socket on ${address.transport}`);
  const { hostname, port } = address;
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
