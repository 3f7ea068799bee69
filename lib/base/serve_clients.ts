import { acceptClients, type AcceptOptions } from "./accept_loop.ts";
import { close } from "./close.ts";

/** The clients to serve, and how many at a time. */
export interface ServeOptions extends Pick<AcceptOptions, "name" | "warn"> {
  /** The listener; closed with the server. */
  readonly listener: Pick<Deno.Listener, "accept" | "close">;
  /** How many clients are served at a time. */
  readonly places: number;
  /** How many of them may come from one TCP address; by default all. */
  readonly placesOfOne?: number;
  /** How long a client is served at most, in milliseconds. */
  readonly clientMs: number;
  /** Answers one client, which is closed afterwards. */
  readonly serve: (client: Deno.Conn) => Promise<void>;
}

/** A running server. */
export interface ClientServer {
  /** Closes the listener and every client; resolves when no client is served any more. */
  close(): Promise<void>;
}

/** The part of a server that the others in the process deal with. */
interface Crowd {
  readonly size: number;
  /** Closes the older half of the clients, and from then on has no more places than are left. */
  halve(): void;
}

// All servers of the process, which share its open files.
const crowds = new Set<Crowd>();
const fewestPlaces = 4;

/**
 * Serves all clients until closed. No client keeps another out: where the places are taken, those
 * of one address or all, the oldest client makes room for the newest.
 *
 * When the process may open no more files, the server with the most clients closes half of them and
 * keeps only as many places, so that the others, and hooks, can open some.
 */
export function serveClients(options: ServeOptions): ClientServer {
  const { listener, name, warn, placesOfOne = options.places, clientMs, serve } = options;
  let { places } = options;
  // The clients and their addresses, the oldest first.
  const clients = new Map<Deno.Conn, string | undefined>();
  const served = new Set<Promise<void>>();
  const crowd: Crowd = {
    get size() {
      return clients.size;
    },
    halve() {
      places = Math.max(fewestPlaces, Math.floor(clients.size / 2));
      while (clients.size > places) dropFirst();
    },
  };
  crowds.add(crowd);
  const loop = acceptClients({ listener, name, accepted: admit, exhausted: makeRoom, warn });
  return {
    async close() {
      crowds.delete(crowd);
      const ended = loop.close();
      while (clients.size > 0) dropFirst();
      await Promise.all([ended, ...served]);
    },
  };

  function admit(client: Deno.Conn): void {
    const source = sourceOf(client);
    if (source !== undefined && countFrom(source) >= placesOfOne) dropFirst(source);
    if (clients.size >= places) dropFirst();
    clients.set(client, source);
    const answered = answer(client).finally(() => served.delete(answered));
    served.add(answered);
  }

  async function answer(client: Deno.Conn): Promise<void> {
    const timer = setTimeout(() => close(client), clientMs);
    try {
      await serve(client);
    } catch {
      // The client is gone, or was too slow: nobody is left to tell.
    } finally {
      clearTimeout(timer);
      clients.delete(client);
      close(client);
    }
  }

  function countFrom(source: string): number {
    return [...clients.values()].filter((other) => other === source).length;
  }

  function dropFirst(of?: string): void {
    for (const [client, source] of clients) {
      if (of !== undefined && source !== of) continue;
      clients.delete(client);
      return close(client);
    }
  }
}

function makeRoom(): void {
  let largest: Crowd | undefined;
  for (const crowd of crowds) {
    if (crowd.size > (largest?.size ?? 0)) largest = crowd;
  }
  largest?.halve();
}

/** The TCP address of a client; undefined on a UNIX socket, which does not tell clients apart. */
function sourceOf({ remoteAddr }: Deno.Conn): string | undefined {
  return "hostname" in remoteAddr ? remoteAddr.hostname : undefined;
}
