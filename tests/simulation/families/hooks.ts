import { strike } from "../scenario.ts";
import { drawCount, type Family, lordMs, nodesAlike, someFaults } from "./family.ts";

/** The lord hooks fail, on one node for ever, or on all for a while. */
export const hooks: Family = (day, random) => {
  const nodes = nodesAlike(day, random, drawCount(random));
  const isOne = random.chance(0.5);
  const struck = isOne ? [random.chance(0.6) ? nodes[0] : random.pick(nodes)] : nodes;
  const fromMs = random.chance(0.3) ? 0 : lordMs(day, random);
  const lastsMs = isOne ? Infinity : random.between(1, 6) * day.toleranceMs;
  const faults = struck.map(({ name }) => strike("failing hooks", name, fromMs, lastsMs));
  // Without a change of the lord no lord hooks run.
  for (let times = random.whole(1, 3); times > 0; times--) {
    const { name } = random.pick(nodes);
    const kind = random.pick(["crash", "stop", "check fails", "pause"] as const);
    const atMs = fromMs + random.between(0, 6) * day.toleranceMs;
    faults.push(strike(kind, name, atMs, random.between(0.3, 2) * day.toleranceMs));
  }
  return {
    ...day,
    nodes,
    deathOnLordErrorMs: random.between(0.1, 3) * day.toleranceMs,
    faults: [...faults, ...someFaults(day, random)],
  };
};
