import { type Fault, strike } from "../scenario.ts";
import { drawCount, type Family, lordMs, nodesAlike, someFaults } from "./family.ts";

/** A node, mostly the highest, crashes again and again, or is restarted. */
export const crashes: Family = (day, random) => {
  const nodes = nodesAlike(day, random, drawCount(random));
  const faults: Fault[] = [];
  const struck = random.chance(0.7) ? [nodes[0]] : random.shuffled(nodes).slice(0, 2);
  for (const { name } of struck) {
    const kind = random.pick(["crash", "crash", "stop"] as const);
    let atMs = lordMs(day, random);
    for (let times = random.whole(2, 8); times > 0; times--) {
      const lastsMs = random.between(0.01, 1) * day.toleranceMs;
      faults.push(strike(kind, name, atMs, lastsMs));
      atMs += lastsMs + random.between(0.2, 3) * day.toleranceMs;
    }
  }
  return { ...day, nodes, faults: [...faults, ...someFaults(day, random)] };
};
