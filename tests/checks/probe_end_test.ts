// How a probe ends that nobody wants to know of any more, and what it lets go of.
import { assert, assertEquals } from "@std/assert";
import type { Probe } from "../../lib/base/check.ts";
import { probe } from "../../lib/checks/probe.ts";
import { soon } from "../lab/soon.ts";

const calledOff = { ok: false, output: "called off" };

function ask(what: Probe, signal = new AbortController().signal, timeoutMs = 60_000) {
  return probe(what, { legion: "failover", check: "web", timeoutMs, signal });
}

function urlOf(listener: Deno.Listener): Probe {
  const { port } = listener.addr as Deno.NetAddr;
  return { kind: "http", url: `http://127.0.0.1:${port}/`, status: 0 };
}

function addressOf(listener: Deno.Listener) {
  const { port } = listener.addr as Deno.NetAddr;
  return { kind: "tcp", address: { host: "127.0.0.1", port } } as const;
}

/** A server whose system takes no more connections, since it never takes any of them itself. */
async function crowded() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const open = new Set<Deno.Conn>();
  const trying: Promise<unknown>[] = [];
  const abort = new AbortController();
  for (let isFull = false; !isFull;) {
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, 500, true);
    const connecting = Deno.connect({ hostname: "127.0.0.1", port, signal: abort.signal })
      .then((connection) => (open.add(connection), false));
    trying.push(connecting.catch(() => {}));
    isFull = await Promise.race([connecting, late]);
    clearTimeout(timer);
    if (open.size > 5_000) throw new Error("it takes any number of them");
  }
  return {
    listener,
    async [Symbol.asyncDispose]() {
      abort.abort();
      listener.close();
      await Promise.all(trying);
      for (const connection of open) connection.close();
    },
  };
}

Deno.test("a probe that is called off before it begins asks nothing of anybody", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const signal = AbortSignal.abort();
  for (const what of [urlOf(listener), addressOf(listener)]) {
    assertEquals(await soon(ask(what, signal).result), calledOff);
  }
  const run = ask({ kind: "cmd", command: "sleep 60" }, signal);
  assertEquals(await soon(run.result), calledOff);
  await soon(run.over);
});

Deno.test("a request that is called off ends at once, and its connection with it", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const abort = new AbortController();
  const run = ask(urlOf(listener), abort.signal);
  using client = await listener.accept();
  await client.read(new Uint8Array(4_096));
  abort.abort();
  assertEquals(await soon(run.result), calledOff);
  assertEquals(await soon(client.read(new Uint8Array(1)).catch(() => null)), null);
});

Deno.test("a connection that is called off, or comes too late, has failed", async () => {
  await using server = await crowded();
  const abort = new AbortController();
  const run = ask(addressOf(server.listener), abort.signal);
  const late = ask(addressOf(server.listener), undefined, 200);
  assertEquals(await soon(late.result), { ok: false, output: "no answer within 0.2 s" });
  abort.abort();
  assertEquals(await soon(run.result), calledOff);
});

Deno.test("a connection that was taken is closed at once", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const run = ask(addressOf(listener));
  using client = await listener.accept();
  assertEquals((await soon(run.result)).ok, true);
  assertEquals(await soon(client.read(new Uint8Array(1)).catch(() => null)), null);
});

Deno.test("an answer with a wrong status is not waited for to its end", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const run = ask(urlOf(listener));
  using client = await listener.accept();
  await client.read(new Uint8Array(4_096));
  const half = "HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\nhalf of it";
  await client.write(new TextEncoder().encode(half));
  const { ok, output } = await soon(run.result);
  assertEquals([ok, output], [false, "503 Service Unavailable"]);
  assertEquals(await soon(client.read(new Uint8Array(1)).catch(() => null)), null);
});

Deno.test("what a probe waits for leaves nothing at its signal", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners++;
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners--;
    removeEventListener.apply(signal, args);
  };
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const runs = [
    ask({ kind: "cmd", command: "true" }, signal),
    ask(addressOf(listener), signal),
    ask(urlOf(listener), signal, 200),
  ];
  assertEquals((await Promise.all(runs.map((run) => run.result))).map(({ ok }) => ok), [
    true,
    true,
    false,
  ]);
  await Promise.all(runs.map((run) => run.over));
  assert(listeners <= 0, `${listeners} are left`);
});
