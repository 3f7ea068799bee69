import type { Listen } from "../base/listen.ts";
import { STATUS_TEXT } from "@std/http/status";
import { isLoopback } from "../base/loopback.ts";
import { serveClients } from "../base/serve_clients.ts";
import { writeAll } from "../base/write_all.ts";
import { listenAtPath, type SocketAccess } from "./listen_at_path.ts";
import type { Stats } from "./report.ts";
import { respond, statsDocument, type StatusRequest } from "./routes.ts";

/** The stats to serve, and where. */
export interface StatsServerOptions {
  /** The address or path to listen on. */
  readonly listen: Listen;
  /** Who may ask at a path; by default its owner alone. */
  readonly access?: SocketAccess;
  /** Whether to answer as HTTP/1.0 (`stats-http`). */
  readonly http: boolean;
  /** Makes the stats; called anew for each answer. */
  readonly report: () => Stats;
  /** Called now and then with a line about connections that cannot be accepted. */
  readonly warn: (message: string) => void;
}

/** A running stats socket. */
export interface StatsServer {
  /** The address it listens on, `host:port`, or the path. */
  readonly at: string;
  /** Closes the socket and every connection. */
  close(): Promise<void>;
}

// A client gets one answer within this time, so that none keeps a place or holds up others.
const clientMs = 5_000;
const places = 64;
// Prometheus and a browser need a few places; a client that holds all of these leaves room for
// other addresses.
const placesOfOne = 16;
const maxRequestBytes = 8_192;

/**
 * Answers every connection with the stats as one JSON document, and closes it, as uWSGI's stats
 * socket does.
 *
 * @throws Error when the address or path cannot be listened on; the message says why
 */
export async function serveStats(
  { listen, access = "owner", http, report, warn }: StatsServerOptions,
): Promise<StatsServer> {
  const listener = "path" in listen
    ? await listenAtPath(listen.path, access)
    : Deno.listen({ hostname: listen.address.host, port: listen.address.port });
  const onLoopback = "address" in listen && isLoopback(listen.address.host);
  const at = describe(listener.addr);
  const server = serveClients({
    listener,
    name: `stats at ${at}`,
    places,
    placesOfOne,
    clientMs,
    serve: async (client) =>
      writeAll(
        client,
        http ? await httpReply(client, report, onLoopback) : statsDocument(report()),
      ),
    warn,
  });
  return {
    at,
    close: () => server.close(),
  };
}

/** Answers by HTTP/1.0, as uWSGI does: one request a connection. */
async function httpReply(
  client: Deno.Conn,
  report: () => Stats,
  onLoopback: boolean,
): Promise<string> {
  const request = parseHead(await readHead(client));
  const { status, type, body, headers = {} } = respond(request, report, onLoopback);
  const head = [
    `HTTP/1.0 ${status} ${STATUS_TEXT[status]}`,
    // By it a reader whose clock is off tells how old something is.
    `Date: ${new Date().toUTCString()}`,
    "Connection: close",
    "Cache-Control: no-store",
    "X-Content-Type-Options: nosniff",
    `Content-Type: ${type}`,
    `Content-Length: ${new TextEncoder().encode(body).length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${head.join("\r\n")}\r\n\r\n${request?.method === "HEAD" ? "" : body}`;
}

/** Reads to the end of a request's head; empty: longer than 8 KiB. */
async function readHead(client: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(maxRequestBytes);
  for (let length = 0; length < buffer.length;) {
    const read = await client.read(buffer.subarray(length));
    length += read ?? 0;
    const head = new TextDecoder().decode(buffer.subarray(0, length));
    if (read === null || head.includes("\r\n\r\n")) return head;
  }
  return "";
}

function parseHead(head: string): StatusRequest | undefined {
  const line = /^([A-Z]+) (\/\S*) HTTP\/1\.[01]\r\n/.exec(head);
  if (line === null || !head.includes("\r\n\r\n")) return undefined;
  const values = (header: RegExp) => [...head.matchAll(header)].map(([, value]) => value.trim());
  const [accept = ""] = values(/^accept:(.*)$/gim);
  return { method: line[1], path: line[2], accept, host: values(/^host:(.*)$/gim).join(", ") };
}

function describe(address: Deno.Addr): string {
  if (address.transport === "unix") return address.path;
  if (address.transport !== "tcp") throw new TypeError(`a stats socket on ${address.transport}`);
  const { hostname, port } = address;
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
