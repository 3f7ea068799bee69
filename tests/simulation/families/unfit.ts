import { type Fault, strike } from "../scenario.ts";
import { drawCount, type Family, nodesAlike, someFaults } from "./family.ts";

/**
 * All nodes but one, or some of them, may not be lord: a check fails, they are drained, their
 * account is refused, or they flap; for a while, or to the end.
 */
export const unfit: Family = (day, random) => {
  const nodes = nodesAlike(day, random, drawCount(random));
  const struck = random.shuffled(nodes).slice(random.whole(0, 1));
  const faults: Fault[] = [];
  for (const { name } of struck) {
    const kind = random.pick(["check fails", "check fails", "drain", "refused"] as const);
    let atMs = random.between(0, 5) * day.toleranceMs;
    for (let times = random.whole(1, 6); times > 0; times--) {
      const lastsMs = random.between(0.05, 3) * day.toleranceMs;
      const isLasting = times === 1 && random.chance(0.4);
      faults.push(strike(kind, name, atMs, isLasting ? Infinity : lastsMs));
      atMs += lastsMs + random.between(0.1, 2) * day.toleranceMs;
    }
  }
  return { ...day, nodes, faults: [...faults, ...someFaults(day, random)] };
};
