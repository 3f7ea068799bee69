// Every pattern of one-way cuts of three nodes that lasts, and drawn ones of five: there is a lord
// wherever one is possible, none where none is, and never two. The referee of each day tells.
import { assertEquals } from "@std/assert";
import { addresses, majority } from "./common_day.ts";
import { Random } from "./random.ts";
import { type Fault, type NodePlan, oneWayCut, type Scenario } from "./scenario.ts";
import { live } from "./simulate.ts";

/** A connection from one node to another, by their names. */
type Way = readonly [from: string, to: string];

const names = ["a", "b", "c", "d", "e"];

/** The moments when cuts begin: before there is a lord, and when there is one for long. */
const beginnings = [0, 15_000];

/** A calm day of so many nodes, with nothing but some cuts that last to the end. */
function cutDay(count: number, cut: readonly Way[], fromMs: number): Scenario {
  const voters = addresses(count);
  return {
    seed: 1,
    rule: "lease",
    family: "cuts",
    nodes: voters.map((address, index): NodePlan => ({
      name: names[index],
      valor: 10 * (count - index),
      lease: "auto",
      address,
      node: address,
      voters,
      quorum: majority(count),
      sources: [],
      freqMs: 1000,
      toleranceMs: 3000,
      releaseMs: 0,
      failback: { kind: "immediate" },
      remembers: true,
      clockRate: 1,
      wallOffsetMs: 0,
      startMs: 100 * index,
    })),
    flap: { count: 3, withinMs: 600_000 },
    toleranceMs: 3000,
    deathOnLordErrorMs: 0,
    hookMs: 50,
    noticeMs: 0,
    loss: 0,
    doubling: 0,
    latencyMs: 1,
    faults: cut.map(([from, to]): Fault => oneWayCut(from, to, fromMs, Infinity)),
  };
}

function waysOf(count: number): Way[] {
  const some = names.slice(0, count);
  return some.flatMap((from) => some.filter((to) => to !== from).map((to): Way => [from, to]));
}

/** Whether some node and enough others hear each other, worked out without the referee. */
function isPossible(count: number, cut: readonly Way[]): boolean {
  const isCut = (from: string, to: string) => cut.some((way) => `${way}` === `${[from, to]}`);
  const some = names.slice(0, count);
  const heard = some.map((name) => some.filter((to) => !isCut(name, to) && !isCut(to, name)));
  return heard.some(({ length }) => length >= majority(count));
}

function check(count: number, cut: readonly Way[], fromMs: number): void {
  const { violations, settling: { lordWanted } } = live(cutDay(count, cut, fromMs));
  const what = `${cut.join(" ")} from ${fromMs} ms`;
  assertEquals(violations, [], what);
  assertEquals(lordWanted, isPossible(count, cut), what);
}

for (const fromMs of beginnings) {
  Deno.test(`Each pattern of one-way cuts of three nodes from ${fromMs} ms has its lord`, () => {
    const ways = waysOf(3);
    const patterns = Array.from(
      { length: 2 ** ways.length },
      (_, bits) => ways.filter((_, bit) => bits & (1 << bit)),
    );
    assertEquals(patterns.filter((cut) => isPossible(3, cut)).length, 37);
    for (const cut of patterns) check(3, cut, fromMs);
  });
}

Deno.test("Drawn patterns of one-way cuts of five nodes have their lord", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new Random(seed);
    const share = random.between(0.1, 0.5);
    const cut = waysOf(5).filter(() => random.chance(share));
    check(5, cut, random.pick(beginnings));
  }
});
