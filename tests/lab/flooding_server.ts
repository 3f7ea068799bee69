const encoder = new TextEncoder();

/** A reply that never ends. */
export interface Flood {
  /** The part sent once, at the beginning. */
  readonly first?: string;
  /** The part sent again and again; `n` counts from 0. */
  readonly again: (n: number) => string;
}

const long = "x".repeat(60_000);

/** Endless replies without a whole head, each endless in another part. */
export const floods: Readonly<Record<string, Flood>> = {
  "header lines": {
    first: "HTTP/1.1 200 OK\r\n",
    again: (n) => `X-${n}: ${long.slice(0, 500)}\r\n`,
  },
  "one header line": { first: "HTTP/1.1 200 OK\r\nX: ", again: () => long },
  "a status line": { first: "HTTP/1.1 200 ", again: () => long },
  "line breaks": { again: () => "\r\n".repeat(30_000) },
  "100 Continue": { again: () => "HTTP/1.1 100 Continue\r\n\r\n".repeat(500) },
  "103 Early Hints": { again: () => "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(500) },
  "long 103 Early Hints": {
    again: () => `HTTP/1.1 103 Early Hints\r\nLink: ${long.slice(0, 10_000)}\r\n\r\n`,
  },
};

const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/** Endless replies with a whole head, and an endless body. */
export const bodyFloods: Readonly<Record<string, Flood>> = {
  "a body": { first: "HTTP/1.1 200 OK\r\n\r\n", again: () => long },
  "a chunk's extension": { first: `${chunked}5;a=`, again: () => long },
  "chunks of one byte with extensions": {
    first: chunked,
    again: () => `1;a=${long.slice(0, 8_000)}\r\nx\r\n`,
  },
  "a chunk's length": { first: chunked, again: () => "0".repeat(60_000) },
};

/** Endless replies with a whole body, and endless trailers. */
export const trailerFloods: Readonly<Record<string, Flood>> = {
  "trailers": {
    first: `${chunked}2\r\nok\r\n0\r\n`,
    again: (n) => `X-${n}: ${long.slice(0, 500)}\r\n`,
  },
  "one trailer": { first: `${chunked}2\r\nok\r\n0\r\nX: `, again: () => long },
};

/** The settings of a flooding server. */
export interface FloodingServerOptions {
  /** The time between two parts, in milliseconds; 0 sends as fast as the client reads. */
  readonly eachMs?: number;
  /** The certificate for TLS; without it there is none. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** A server on 127.0.0.1 that answers every connection with a flood. */
export function floodingServer(
  flood: Flood,
  { eachMs = 0, certificate }: FloodingServerOptions = {},
) {
  const at = { hostname: "127.0.0.1", port: 0 };
  const listener: Deno.Listener<Deno.Conn> = certificate === undefined
    ? Deno.listen(at)
    : Deno.listenTls({ ...at, ...certificate });
  const connections = new Map<Deno.Conn, Promise<void>>();
  let sent = 0;
  const accepting = (async () => {
    for await (const connection of listener) connections.set(connection, answer(connection));
  })();
  const send = async (connection: Deno.Conn, text: string) => {
    for (let rest = encoder.encode(text); rest.length > 0;) {
      const written = await connection.write(rest);
      sent += written;
      rest = rest.subarray(written);
    }
  };
  async function answer(connection: Deno.Conn): Promise<void> {
    try {
      await connection.read(new Uint8Array(65_536));
      await send(connection, flood.first ?? "");
      for (let n = 0;; n++) {
        await send(connection, flood.again(n));
        if (eachMs > 0) await new Promise((resolve) => setTimeout(resolve, eachMs));
      }
    } catch {
      // The client has closed the connection.
    }
  }
  return {
    port: (listener.addr as Deno.NetAddr).port,
    /** The number of bytes that the system has taken to send. */
    get sent() {
      return sent;
    },
    /** Resolves when the clients have closed all connections. */
    ended: () => Promise.all(connections.values()),
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of connections.keys()) connection.close();
      await Promise.all([accepting, ...connections.values()]);
    },
  };
}
