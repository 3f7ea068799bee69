import { assert, assertEquals } from "@std/assert";
import type { LegionOptions, Reconfigurable } from "../../lib/legion/options.ts";
import { rolloutMs } from "../../lib/legion/tolerance.ts";
import { World } from "./world.ts";

const flexible: Reconfigurable = {
  quorum: 2,
  scroll: "",
  freqMs: 1_000,
  toleranceMs: 3_000,
  deathOnLordErrorMs: 0,
  lease: "auto",
  releaseMs: 0,
  nodeCount: 3,
  maxMembers: 1000,
  failback: { kind: "immediate" },
  flap: { count: 3, withinMs: 600_000 },
};

function options(name: string, valor: number, changed: Partial<LegionOptions> = {}): LegionOptions {
  let uuids = 0;
  return {
    ...flexible,
    legion: "test",
    name,
    pid: valor,
    valor,
    skewToleranceMs: 60_000,
    newUuid: () => `${name}-${++uuids}`.padEnd(36, "0"),
    ...changed,
  };
}

const settledMs = 6_000;

/** Nodes a, b and c, in this order of their ranks, that have elected a lord. */
function elected(changed: Partial<LegionOptions> = {}, names = ["a", "b", "c"]) {
  const lines: string[] = [];
  const world = new World((atMs, node, what) => lines.push(`${atMs} ${node} ${what}`));
  names.forEach((name, index) => world.start(options(name, 30 - index, changed)));
  world.run(2 * (changed.toleranceMs ?? flexible.toleranceMs));
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
  ["more nodes and a higher quorum", { nodeCount: 5, quorum: 3 }],
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
        world.reconfigure(name, { ...flexible, ...changed });
        // They are not reloaded at one instant.
        world.run(700);
        assertEquals(lords(world), ["a"]);
      }
      world.run(2 * rolloutMs);
      assertEquals(lords(world), ["a"]);
      assertEquals(told().filter((line) => /no longer|hooks|silent/.test(line)), []);
    });
  }
}

Deno.test("a lord of a legion without a majority as quorum stays lord when it is given one", () => {
  const { world, told } = elected({ quorum: 1 });
  for (const name of ["c", "b", "a"]) {
    world.reconfigure(name, flexible);
    world.run(700);
  }
  world.run(settledMs);
  assertEquals(lords(world), ["a"]);
  assertEquals(told().filter((line) => /no longer|hooks|silent/.test(line)), []);
});

Deno.test("a lord that fewer support than the new quorum is one no longer", () => {
  const { world, told } = elected({}, ["a", "b"]);
  world.reconfigure("a", { ...flexible, quorum: 3 });
  assertEquals(lords(world), []);
  assert(told().some((line) => line.includes("fewer than 3 support it")));
});

Deno.test("a quorum that takes the guarantee away is told of", () => {
  const { world, told } = elected();
  world.reconfigure("a", { ...flexible, quorum: 1 });
  assertEquals(told(), [
    "6000 a info: guarantee: none (legion-quorum is 1, no majority of 3 nodes)",
  ]);
});

/** When another is lord after a was cut off from all, and until when a was. */
function handedOver(world: World) {
  for (const name of ["b", "c"]) {
    world.cut("a", name);
    world.cut(name, "a");
  }
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
  Deno.test(`from ${from} to ${to} ms: promises are for the longer, leases for the shorter`, () => {
    const { world } = elected({ toleranceMs: from });
    for (const name of ["a", "b", "c"]) {
      world.reconfigure(name, { ...flexible, toleranceMs: to });
      world.run(1_000);
    }
    const { untilMs, fromMs } = handedOver(world);
    assert(untilMs < 3_000, `a was lord for ${untilMs} ms`);
    assert(fromMs > 13_000, `b was lord after ${fromMs} ms`);
  });

  Deno.test(`from ${from} to ${to} ms: after the rollout the new one counts`, () => {
    const { world } = elected({ toleranceMs: from });
    for (const name of ["a", "b", "c"]) {
      world.reconfigure(name, { ...flexible, toleranceMs: to });
    }
    world.run(rolloutMs + 20_000);
    assertEquals(lords(world), ["a"]);
    const { untilMs, fromMs } = handedOver(world);
    assert(untilMs < to && untilMs > to * 0.55, `a was lord for ${untilMs} ms`);
    assert(fromMs < to + 2_000, `b was lord after ${fromMs} ms`);
  });

  // Whichever node is first: the lord that does not know yet, or its supporters.
  for (const first of [["a"], ["b", "c"]]) {
    Deno.test(`from ${from} to ${to} ms at ${first} alone: never two lords`, () => {
      const { world } = elected({ toleranceMs: from });
      for (const name of first) world.reconfigure(name, { ...flexible, toleranceMs: to });
      world.run(rolloutMs - 130_000);
      assertEquals(lords(world), ["a"]);
      handedOver(world);
    });
  }
}

Deno.test("a node that needed nobody at its start listens for what is left of its time", () => {
  const world = new World(() => {});
  world.start(options("a", 30, { quorum: 1, nodeCount: 1 }));
  world.run(1_500);
  assertEquals(lords(world), ["a"]);
  world.reconfigure("a", flexible);
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
