import { assertEquals, assertRejects } from "@std/assert";
import { firstOpen } from "../../lib/base/first_open.ts";
import { soon } from "../lab/soon.ts";

/** Connections that are opened, or not, as a test says. */
class Connections {
  readonly tried: string[] = [];
  readonly closed: string[] = [];
  readonly givenUp: string[] = [];
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>();

  readonly open = async (place: string, signal: AbortSignal) => {
    this.tried.push(place);
    const waiting = Promise.withResolvers<void>();
    this.#waiting.set(place, waiting);
    signal.addEventListener("abort", () => this.givenUp.push(place));
    await waiting.promise;
    return { place, close: () => this.closed.push(place) };
  };

  is(place: string, error?: Error): void {
    const { resolve, reject } = this.#waiting.get(place)!;
    if (error === undefined) resolve();
    else reject(error);
  }

  /** Waits until a place is tried. */
  async until(place: string): Promise<void> {
    while (!this.tried.includes(place)) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function open(
  connections: Connections,
  places: () => AsyncIterable<string>,
  { leadMs = 60_000, signal = new AbortController().signal } = {},
) {
  return firstOpen({ places, open: connections.open, leadMs, signal });
}

async function* of(...places: string[]) {
  yield* places;
}

Deno.test("firstOpen: the first that answers is taken, and the next one left alone", async () => {
  const connections = new Connections();
  const opened = open(connections, () => of("a", "b"));
  await soon(connections.until("a"));
  connections.is("a");
  assertEquals((await soon(opened)).place, "a");
  assertEquals([connections.tried, connections.closed], [["a"], []]);
});

Deno.test("firstOpen: after a failure the next one is tried at once", async () => {
  const connections = new Connections();
  const opened = open(connections, () => of("a", "b"));
  await soon(connections.until("a"));
  connections.is("a", new Error("no a"));
  await soon(connections.until("b"));
  connections.is("b");
  assertEquals((await soon(opened)).place, "b");
});

Deno.test("firstOpen: one that takes long is left to go on beside the next one", async () => {
  for (const winner of ["a", "b"]) {
    const connections = new Connections();
    const opened = open(connections, () => of("a", "b"), { leadMs: 10 });
    await soon(connections.until("b"));
    connections.is(winner);
    assertEquals((await soon(opened)).place, winner);
    const loser = winner === "a" ? "b" : "a";
    assertEquals(connections.givenUp.includes(loser), true);
    // Too late: nobody wants it any more.
    connections.is(loser);
    await soon((async () => {
      while (connections.closed.length === 0) await Promise.resolve();
    })());
    assertEquals(connections.closed, [loser]);
  }
});

Deno.test("firstOpen: none that answers is the first one's error", async () => {
  const connections = new Connections();
  const opened = open(connections, () => of("a", "b"));
  await soon(connections.until("a"));
  connections.is("a", new Error("no a"));
  await soon(connections.until("b"));
  connections.is("b", new Error("no b"));
  await assertRejects(() => soon(opened), Error, "no a");
});

Deno.test("firstOpen: places that end in an error count as long as one of them is tried", async () => {
  const nowhere = () => Promise.reject<string>(new Error("no name"));
  const places = async function* () {
    yield "a";
    yield await nowhere();
  };
  const connections = new Connections();
  const opened = open(connections, places, { leadMs: 1 });
  await soon(connections.until("a"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  connections.is("a");
  assertEquals((await soon(opened)).place, "a");
  const none = async function* () {
    yield await nowhere();
  };
  await assertRejects(() => soon(open(new Connections(), none)), Error, "no name");
});

Deno.test("firstOpen: it ends at its signal, also while places are waited for", async () => {
  const never = async function* () {
    await new Promise<void>(() => {});
    yield "a";
  };
  for (const places of [never, () => of("a")]) {
    const end = new AbortController();
    const opened = open(new Connections(), places, { signal: end.signal });
    end.abort(new Error("enough"));
    await assertRejects(() => soon(opened), Error, "enough");
  }
});
