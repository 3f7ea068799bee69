import { type Family, lordMs, nodesAlike, someFaults } from "./family.ts";
import { partition, strike } from "../scenario.ts";

/** One entry of the list is held by two processes, for a while or to the end. */
export const twice: Family = (day, random) => {
  const count = random.pick([3, 5]);
  const nodes = nodesAlike(day, random, count);
  const original = random.pick(nodes);
  const fromMs = random.chance(0.3) ? 0 : lordMs(day, random);
  const lastsMs = random.between(1, 6) * day.toleranceMs;
  // A copy of the whole machine has the address as well; a mistake in a file only claims to.
  const address = random.chance(0.5) ? original.address : "10.0.0.9:2000";
  const double = { ...original, name: "z", address, startMs: fromMs };
  const faults = random.chance(0.7) ? [strike("stop", "z", fromMs + lastsMs, Infinity)] : [];
  const some = nodes.filter(() => random.chance(0.5)).map(({ name }) => name);
  const cutMs = fromMs + random.between(0, 4) * day.toleranceMs;
  if (random.chance(0.6)) {
    faults.push(partition([...some, "z"], cutMs, random.between(0.5, 4) * day.toleranceMs));
  }
  return { ...day, nodes: [...nodes, double], faults: [...faults, ...someFaults(day, random)] };
};
