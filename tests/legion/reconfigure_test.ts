import { assert, assertEquals } from "@std/assert";
import type { LegionOptions, Reconfigurable } from "../../lib/legion/options.ts";
import { Driven } from "./driven.ts";
import { legionOptions } from "./legion_options.ts";
import { addressOf, World } from "./world.ts";

const listOf = (...names: string[]) => names.map(addressOf);

/** The configuration of a node of the list a, b, c. */
function options(name: string, valor: number, changed: Partial<LegionOptions> = {}): LegionOptions {
  let uuids = 0;
  return legionOptions({
    name,
    pid: valor,
    valor,
    voters: listOf("a", "b", "c"),
    node: addressOf(name),
    newUuid: () => `${name}-${++uuids}`.padEnd(36, "0"),
    ...changed,
  });
}

/** Changes the configuration of a node that runs. */
function reload(world: World, name: string, changed: Partial<Reconfigurable> = {}): void {
  const all = options(name, 0);
  const { legion: _l, name: _n, pid: _p, valor: _v, skewToleranceMs: _s, newUuid: _u, ...rest } =
    all;
  world.reconfigure(name, { ...rest, ...changed });
}

/** The tolerance where no other is said, in milliseconds. */
const T = 3_000;
/** The time after which a legion of that tolerance has a lord. */
const settledMs = 2 * T;

/** Nodes a, b and c, in this order of their ranks, that have elected a lord. */
function elected(changed: Partial<LegionOptions> = {}, names = ["a", "b", "c"]) {
  const lines: string[] = [];
  const world = new World((atMs, node, what) => lines.push(`${atMs} ${node} ${what}`));
  names.forEach((name, index) => world.start(options(name, 30 - index, changed)));
  world.run(2 * (changed.toleranceMs ?? T));
  assertEquals(lords(world), ["a"]);
  lines.length = 0;
  const told = () => lines.splice(0);
  return { world, told };
}

function lords(world: World): string[] {
  return world.names().filter((name) => world.view(name).lordUntilMs > world.nowMs);
}

const changes: [what: string, changed: Partial<Reconfigurable>][] = [
  ["nothing", {}],
  ["a shorter freq", { freqMs: 200 }],
  ["a longer freq", { freqMs: 1_400 }],
  ["a shorter tolerance and freq", { toleranceMs: 600, freqMs: 200 }],
  ["a longer tolerance", { toleranceMs: 30_000 }],
  ["a longer tolerance and release time", { toleranceMs: 30_000, releaseMs: 15_000 }],
  ["a higher quorum", { quorum: 3 }],
  ["more nodes and a higher quorum", { voters: listOf("a", "b", "c", "d", "e"), quorum: 3 }],
  ["a release time", { releaseMs: 1_500 }],
  ["the lease to on", { lease: "on" }],
  ["a quorum that is no majority", { quorum: 1 }],
  ["fewer members", { maxMembers: 1 }],
];
for (const [what, changed] of changes) {
  for (const order of [["a", "b", "c"], ["c", "b", "a"]]) {
    Deno.test(`a lord stays lord when it is given ${what}, in the order ${order}`, () => {
      const { world, told } = elected();
      for (const name of order) {
        reload(world, name, changed);
        // They are not reloaded at one instant.
        world.run(700);
        assertEquals(lords(world), ["a"]);
      }
      world.run(60_000);
      assertEquals(lords(world), ["a"]);
      assertEquals(told().filter((line) => /no longer|hooks|silent/.test(line)), []);
    });
  }
}

Deno.test("a lord of a legion without a majority as quorum stays lord when it is given one", () => {
  const { world, told } = elected({ quorum: 1 });
  for (const name of ["c", "b", "a"]) {
    reload(world, name);
    world.run(700);
  }
  world.run(settledMs);
  assertEquals(lords(world), ["a"]);
  assertEquals(told().filter((line) => /no longer|hooks|silent/.test(line)), []);
});

Deno.test("a lord that fewer support than the new quorum is one no longer", () => {
  const { world, told } = elected({}, ["a", "b"]);
  reload(world, "a", { quorum: 3 });
  assertEquals(lords(world), []);
  assert(told().some((line) => line.includes("fewer than 3 support it")));
});

Deno.test("a quorum that takes the guarantee away is told of", () => {
  const { world, told } = elected();
  reload(world, "a", { quorum: 1 });
  assertEquals(told(), [
    "6000 a info: guarantee: none (legion-quorum is 1, no majority of 3 nodes)",
  ]);
});

function part(world: World, one: string, other: string): void {
  world.cut(one, other);
  world.cut(other, one);
}

function cutOff(world: World, name: string): void {
  for (const other of world.names()) part(world, name, other);
}

/** The times when another is lord after a was cut off from all, and until when a was. */
function handedOver(world: World) {
  cutOff(world, "a");
  return succeeded(world);
}

/** The times when b is lord, and until when a was, from now on; never are both. */
function succeeded(world: World) {
  let untilMs = NaN;
  for (let ms = 0; ms < 120_000; ms += 10) {
    world.run(10);
    const now = lords(world);
    assert(now.length < 2, `two lords at ${world.nowMs}`);
    if (now[0] === "a") untilMs = ms;
    if (now[0] === "b") return { untilMs, fromMs: ms };
  }
  throw new Error("nobody became lord");
}

for (const [from, to] of [[15_000, 3_000], [3_000, 15_000]]) {
  for (const order of [["a", "b", "c"], ["c", "b", "a"], ["a"], ["b", "c"], ["b"]]) {
    Deno.test(`rule 4: from ${from} to ${to} ms at ${order}: never two lords, nor none for long`, () => {
      const { world } = elected({ toleranceMs: from });
      for (const name of order) reload(world, name, { toleranceMs: to });
      world.run(100);
      const { untilMs, fromMs } = handedOver(world);
      assert(untilMs <= from, `a was lord for ${untilMs} ms`);
      assert(fromMs <= Math.max(from, to) * 1.05 + 2_000, `b was lord after ${fromMs} ms`);
    });
  }

  Deno.test(`from ${from} to ${to} ms: a little later the new one counts`, () => {
    const { world } = elected({ toleranceMs: from });
    for (const name of ["a", "b", "c"]) reload(world, name, { toleranceMs: to });
    world.run(from + to);
    assertEquals(lords(world), ["a"]);
    const { untilMs, fromMs } = handedOver(world);
    assert(untilMs < to && untilMs > to * 0.55, `a was lord for ${untilMs} ms`);
    assert(fromMs < to + 2_000, `b was lord after ${fromMs} ms`);
  });
}

Deno.test("rule 4: a node reloaded with a shorter tolerance keeps the promise that it gave", () => {
  const { world } = elected({ toleranceMs: 15_000 });
  // Neither a, which does not hear of it, nor the others know when the time was shortened.
  cutOff(world, "a");
  for (const name of ["b", "c"]) reload(world, name, { toleranceMs: 3_000 });
  const { fromMs, untilMs } = succeeded(world);
  assert(untilMs > 13_000 && fromMs > untilMs, `a until ${untilMs}, b from ${fromMs}`);
});

for (const parted of [["a", "b"], ["a", "b", "c"]]) {
  Deno.test(`rule 10: five nodes that become three, parted as ${parted} and the others`, () => {
    const five = { voters: listOf("a", "b", "c", "d", "e"), quorum: 3 };
    const { world } = elected(five, ["a", "b", "c", "d", "e"]);
    const others = world.names().filter((name) => !parted.includes(name));
    for (const name of parted) reload(world, name);
    for (const name of parted) for (const other of others) part(world, name, other);
    const reloadedMs = world.nowMs;
    const saying = (name: string) => world.view(name).guarantee.kind;
    for (let ms = 0; ms < 20_000; ms += 10) {
      world.run(10);
      const now = lords(world);
      assert(now.filter((name) => saying(name) === "lease").length < 2, `at ${world.nowMs}`);
      // Both lists are to be met, and so there is no other lord.
      if (world.nowMs - reloadedMs < T * 1.05) assert(now.length < 2, `${now} at ${world.nowMs}`);
    }
    assertEquals(lords(world).at(0), "a");
    assertEquals(saying("a"), parted.includes("c") ? "lease" : "none");
  });
}

Deno.test("rule 10: a former list is met for as long as the longest promise heard of late binds", () => {
  const node = new Driven();
  node.becomeLord();
  // The supporters are reloaded with a longer tolerance, and say nothing else that is new.
  const echo = () => ({ ...node.vote, support: node.echo, binds: 15_000 });
  for (const name of ["a", "b"]) node.hear(name, echo());
  node.reconfigure({ voters: ["a", "self", "z"].map(addressOf) });
  const reloadedMs = node.nowMs;
  const vote = node.vote;
  for (let ms = 500; ms <= 15_500; ms += 500) {
    node.to(reloadedMs + ms);
    // Only z, which the former list has not, goes on supporting.
    node.hear("z", { ...vote, support: node.echo });
  }
  const isLord = (ms: number) => {
    node.to(reloadedMs + ms);
    return node.legion.lordUntilMs > node.nowMs;
  };
  assertEquals([isLord(15_600)], [false]);
});

Deno.test("a node that needed nobody at its start listens for what is left of its time", () => {
  const world = new World(() => {});
  world.start(options("a", 30, { quorum: 1, voters: listOf("a") }));
  world.run(1_500);
  assertEquals(lords(world), ["a"]);
  reload(world, "a");
  assertEquals(lords(world), []);
  world.start(options("b", 20));
  world.run(1_600);
  assertEquals(world.view("a").support, undefined);
  world.run(settledMs);
  assertEquals(lords(world), ["a"]);
});

Deno.test("a node that is gone has nothing to change", () => {
  const { world } = elected();
  world.stop("a");
  world.run(1_000);
  assertEquals(world.names(), ["b", "c"]);
});
