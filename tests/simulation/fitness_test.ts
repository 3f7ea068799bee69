// Simulated days with unsteady services: checks that flap, drains, promotions and restarts, on top
// of the faults of any day, under each kind of fail-back.
import type { FailbackUse } from "../../lib/base/failback_use.ts";
import { assert, assertEquals } from "@std/assert";
import { drawDay } from "./families.ts";
import { Random } from "./random.ts";
import { type Fault, type Scenario, strike } from "./scenario.ts";
import { live } from "./simulate.ts";

/** The troubles of such a day: the best node's service flaps, and operators drain and promote. */
function troubleOf({ nodes, toleranceMs }: Scenario, random: Random): Fault[] {
  const faults: Fault[] = [];
  const [best] = nodes.toSorted((a, b) => b.valor - a.valor);
  // The check fails often enough to reach legion-flap's limit of one, two or three.
  let atMs = random.between(2, 4) * toleranceMs;
  for (let times = random.whole(3, 8); times > 0; times--) {
    const lastsMs = random.between(0.05, 0.5) * toleranceMs;
    faults.push(strike("check fails", best.name, atMs, lastsMs));
    if (random.chance(0.3)) {
      faults.push(strike("crash", best.name, atMs + lastsMs / 3, lastsMs / 3));
    }
    atMs += lastsMs + random.between(0.1, 1) * toleranceMs;
  }
  for (let times = random.whole(2, 6); times > 0; times--) {
    const { name } = random.pick(nodes);
    const fromMs = random.between(1, 12) * toleranceMs;
    const lastsMs = random.between(0.01, 1) * toleranceMs;
    faults.push(strike("drain", name, fromMs, lastsMs));
    // A promotion takes back a title that was handed over by the drain.
    if (random.chance(0.5)) {
      const atMs = fromMs + lastsMs + random.between(0, 2) * toleranceMs;
      faults.push(strike("promote", name, atMs, 0));
    }
  }
  return faults;
}

function busyDay(seed: number, kind: FailbackUse["kind"]): Scenario {
  const day = drawDay({ seed, rule: "lease", family: "alike" });
  const { toleranceMs } = day;
  const random = new Random(seed ^ 0xf17);
  const delayMs = random.between(0.5, 3) * toleranceMs;
  const failback: FailbackUse = kind === "delay" ? { kind, delayMs } : { kind };
  return {
    ...day,
    nodes: day.nodes.map((node) => ({ ...node, failback })),
    faults: [...day.faults, ...troubleOf(day, random)],
  };
}

/** Events that must occur on some of the days, or the days prove nothing. */
const toBeSeen = [
  /no longer the lord: its check fails/,
  /no longer the lord: drained/,
  /aborting the lord hooks: (its check fails|drained)/,
  /stands back as an arbiter, uuid \S+: its check fails/,
  /stands back as an arbiter, uuid \S+: .*it lost the title more than/,
];
const ofFailback = [/makes way for/, /stands with its own valor/];

for (const kind of ["immediate", "delay", "manual"] as const) {
  Deno.test(`Checks that flap, drains and promotions break no rule: fail-back ${kind}`, () => {
    const unseen = new Set([...toBeSeen, ...kind === "immediate" ? [] : ofFailback]);
    for (let seed = 1; seed <= 60; seed++) {
      const { violations } = live(busyDay(seed, kind), (line) => {
        for (const pattern of unseen) if (pattern.test(line)) unseen.delete(pattern);
      });
      assertEquals(violations, [], `seed ${seed}`);
    }
    assert(unseen.size === 0, [...unseen].join(", "));
  });
}
