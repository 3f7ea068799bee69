import { assertEquals } from "@std/assert";
import { serveClients, type ServeOptions } from "../../lib/base/serve_clients.ts";
import { failure, HandListener } from "./hand_listener.ts";

/** A client that is served until it is closed. */
class Client {
  readonly #closed = Promise.withResolvers<void>();
  readonly remoteAddr: Deno.Addr;
  isOpen = true;

  /** @param from a TCP address; left out: by a UNIX socket */
  constructor(from?: string) {
    this.remoteAddr = from === undefined
      ? { transport: "unix", path: "" }
      : { transport: "tcp", hostname: from, port: 7 };
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  close(): void {
    if (!this.isOpen) throw new Deno.errors.BadResource();
    this.isOpen = false;
    this.#closed.resolve();
  }
}

/** A server whose listener is in the test's hand. */
function setUp(options: Partial<ServeOptions> = {}) {
  const listener = new HandListener();
  const server = serveClients({
    listener,
    name: "test",
    places: 8,
    clientMs: 60_000,
    serve: (client) => (client as unknown as Client).closed,
    warn: () => {},
    ...options,
  });
  return {
    /** Lets some come, and be accepted. */
    come: (...some: readonly (Client | Error)[]) =>
      listener.come(...some.map((one) => one as unknown as Deno.Conn)),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

const noMoreFiles = failure("EMFILE");

function clients(count: number, from?: string): Client[] {
  return Array.from({ length: count }, () => new Client(from));
}

function open(clients: readonly Client[]): boolean[] {
  return clients.map(({ isOpen }) => isOpen);
}

Deno.test("serveClients: who came first makes room for the newest", async () => {
  await using server = setUp({ places: 3 });
  const all = clients(5);
  await server.come(...all);
  assertEquals(open(all), [false, false, true, true, true]);
});

Deno.test("serveClients: an address has its share, and takes it from itself alone", async () => {
  await using server = setUp({ places: 8, placesOfOne: 2 });
  const [one, other] = [clients(4, "1.1.1.1"), clients(2, "2.2.2.2")];
  await server.come(...other, ...one);
  assertEquals([open(other), open(one)], [[true, true], [false, false, true, true]]);
});

Deno.test("serveClients: a UNIX socket's clients are no one address", async () => {
  await using server = setUp({ places: 8, placesOfOne: 2 });
  const all = clients(8);
  await server.come(...all);
  assertEquals(open(all), Array(8).fill(true));
});

Deno.test("serveClients: where no more files can be opened, the most crowded gives half", async () => {
  await using crowded = setUp({ places: 64 });
  await using local = setUp({ places: 16 });
  const [far, near] = [clients(20, "1.1.1.1"), clients(5)];
  await crowded.come(...far);
  await local.come(...near, noMoreFiles);
  assertEquals(open(far), [...Array(10).fill(false), ...Array(10).fill(true)]);
  assertEquals(open(near), Array(5).fill(true));
  // The room stays.
  const more = clients(1, "2.2.2.2");
  await crowded.come(...more);
  assertEquals(open([...far.slice(10), ...more]), [false, ...Array(10).fill(true)]);
});

Deno.test("serveClients: a server that has ended gives no room", async () => {
  const ended = setUp();
  const gone = clients(6);
  await ended.come(...gone);
  await ended[Symbol.asyncDispose]();
  assertEquals(open(gone), Array(6).fill(false));
  await using running = setUp();
  const all = clients(6);
  await running.come(...all, noMoreFiles);
  assertEquals(open(all), [false, false, true, true, true, true]);
});

Deno.test("serveClients: a client has its time, and is closed", async () => {
  await using server = setUp({ clientMs: 20 });
  const [client] = clients(1);
  await server.come(client);
  await client.closed;
});

Deno.test("serveClients: a client that cannot be served is closed, and the next one is served", async () => {
  const served: string[] = [];
  await using server = setUp({
    serve: ({ remoteAddr }) => {
      const { hostname } = remoteAddr as Deno.NetAddr;
      served.push(hostname);
      return hostname === "1.1.1.1" ? Promise.reject(new Error("gone")) : Promise.resolve();
    },
  });
  const [first, second] = [...clients(1, "1.1.1.1"), ...clients(1, "2.2.2.2")];
  await server.come(first, second);
  await Promise.all([first.closed, second.closed]);
  assertEquals(served, ["1.1.1.1", "2.2.2.2"]);
});
