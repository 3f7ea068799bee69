import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { clearImmediate, setImmediate } from "node:timers";
import { acceptClients } from "../../lib/base/accept_loop.ts";
import { failure, HandListener } from "./hand_listener.ts";

const client = {} as Deno.Conn;

/** An accept loop whose listener and clock are in the test's hand, and what is told by it. */
function setUp() {
  const listener = new HandListener();
  const clock = { nowMs: 1_000 };
  const told = { accepted: 0, exhausted: 0, lines: [] as string[], pausesMs: [] as number[] };
  const loop = acceptClients({
    listener,
    name: "stats",
    accepted: () => void told.accepted++,
    exhausted: () => void told.exhausted++,
    warn: (line) => void told.lines.push(line),
    now: () => clock.nowMs,
    wait: (ms) => Promise.resolve(void told.pausesMs.push(ms)),
  });
  return { listener, clock, told, [Symbol.asyncDispose]: () => loop.close() };
}

Deno.test("acceptClients: clients that are gone cost no time, and do not end it", async () => {
  await using server = setUp();
  const gone = ["ENOTCONN", "ECONNABORTED", "ECONNRESET"].map(failure);
  await server.listener.come(...gone, ...gone, client);
  assertEquals([server.told.accepted, server.told.pausesMs], [1, []]);
  const line = "stats: a connection could not be accepted: the client was gone at once; " +
    "accepting goes on";
  assertEquals(server.told.lines, [line, line, line]);
});

Deno.test("acceptClients: any other error is waited out, up to 1 s", async () => {
  await using server = setUp();
  await server.listener.come(...Array(9).fill(failure("EPERM")), client);
  assertEquals(server.told, {
    accepted: 1,
    exhausted: 0,
    lines: ["stats: a connection could not be accepted: it says EPERM; accepting goes on"],
    pausesMs: [10, 20, 40, 80, 160, 320, 640, 1_000, 1_000],
  });
});

Deno.test("acceptClients: the wait begins anew after a success", async () => {
  await using server = setUp();
  const some = [failure("EPERM"), failure("EPERM"), client];
  await server.listener.come(...some, ...some);
  assertEquals(server.told.pausesMs, [10, 20, 10, 20]);
});

Deno.test("acceptClients: each kind of error is told once a minute", async () => {
  await using server = setUp();
  const [gone, full] = [failure("ENOTCONN"), failure("EMFILE")];
  await server.listener.come(gone, full, full);
  assertEquals(server.told.lines.length, 2);
  server.clock.nowMs += 59_999;
  await server.listener.come(gone);
  assertEquals(server.told.lines.length, 2);
  server.clock.nowMs += 1;
  await server.listener.come(gone);
  assertEquals(server.told.lines.length, 3);
});

Deno.test("acceptClients: where no more files can be opened, room is asked for", async () => {
  await using server = setUp();
  await server.listener.come(...["EMFILE", "ENFILE", "ENOTCONN", "ENOMEM"].map(failure), client);
  const { accepted, exhausted, lines } = server.told;
  assertEquals([accepted, exhausted], [1, 2]);
  assertEquals(lines.slice(0, 2), [
    "stats: a connection could not be accepted: this process may open no more files, see " +
    "`ulimit -n`; accepting goes on",
    "stats: a connection could not be accepted: this machine may open no more files, see " +
    "`sysctl fs.file-max`; accepting goes on",
  ]);
});

Deno.test("acceptClients: a close does not wait for the end of a pause", async () => {
  const paused = Promise.withResolvers<void>();
  const listener = new HandListener();
  const loop = acceptClients({
    listener,
    name: "stats",
    accepted: () => {},
    exhausted: () => {},
    warn: () => {},
    wait: (_, options) => {
      paused.resolve();
      return delay(60_000, options);
    },
  });
  void listener.come(failure("EPERM"), client);
  await paused.promise;
  await loop.close();
});

Deno.test("acceptClients: a client that comes with the close is closed, too", async () => {
  const server = setUp();
  await server.listener.come();
  let isClosed = false;
  void server.listener.come({ close: () => void (isClosed = true) } as Deno.Conn);
  await server[Symbol.asyncDispose]();
  assertEquals([isClosed, server.told.accepted], [true, 0]);
});

Deno.test("acceptClients: a real listener that is closed is no error", async () => {
  const lines: string[] = [];
  const loop = acceptClients({
    listener: Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    name: "stats",
    accepted: () => {},
    exhausted: () => {},
    warn: (line) => void lines.push(line),
  });
  await loop.close();
  assertEquals(lines, []);
});

Deno.test("acceptClients: in a storm everything else has its turn", async () => {
  await using server = setUp();
  let turns = 0;
  const count = () => {
    turns++;
    counting = setImmediate(count);
  };
  let counting = setImmediate(count);
  await server.listener.come(...Array(100).fill(client), ...Array(100).fill(failure("ENOTCONN")));
  clearImmediate(counting);
  assert(turns >= 199, `${turns} turns for 200 clients`);
});
