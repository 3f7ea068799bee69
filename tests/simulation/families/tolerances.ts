import { drawFailback } from "../common_day.ts";
import { partition, type Scenario, strike } from "../scenario.ts";
import type { Random } from "../random.ts";
import type { Family } from "./family.ts";

/** Each node has a tolerance, a pace, a release time and a fail-back of its own. */
export const tolerances: Family = (day, random) => {
  const nodes = day.nodes.map((node) => ({
    ...node,
    toleranceMs: random.pick([3000, 4000, 6000, 15_000]),
    freqMs: random.pick([250, 500, 1000]),
    failback: drawFailback(random, day.toleranceMs),
  }));
  const shortestMs = Math.min(...nodes.map(({ toleranceMs }) => toleranceMs));
  return {
    ...day,
    nodes: nodes.map((node) => ({
      ...node,
      releaseMs: random.chance(0.3) ? random.between(0.05, 0.45) * shortestMs : 0,
    })),
    faults: [...day.faults, ...cuts({ ...day, nodes }, random)],
  };
};

/** Cuts that outlast the short tolerances, and not always the long ones. */
function cuts({ nodes }: Scenario, random: Random) {
  return Array.from({ length: random.whole(1, 3) }, () => {
    const { name, toleranceMs } = random.pick(nodes);
    const fromMs = random.between(1, 4) * 15_000;
    const lastsMs = random.between(0.5, 2) * toleranceMs;
    const kind = random.pick(["mute", "deaf", "pause"] as const);
    return random.chance(0.5)
      ? partition([name], fromMs, lastsMs)
      : strike(kind, name, fromMs, lastsMs);
  });
}
