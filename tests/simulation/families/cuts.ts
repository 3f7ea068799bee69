import { type Fault, oneWayCut } from "../scenario.ts";
import { drawCount, type Family, lordMs, nodesAlike, someFaults } from "./family.ts";

/** One-way cuts that last, often to the end: rings, and any others. */
export const cuts: Family = (day, random) => {
  const nodes = nodesAlike(day, random, drawCount(random));
  const names = nodes.map(({ name }) => name);
  const isRing = random.chance(0.3);
  const share = random.between(0.1, 0.6);
  const fromMs = random.chance(0.3) ? 0 : lordMs(day, random);
  const lastsMs = random.chance(0.7) ? Infinity : random.between(1, 8) * day.toleranceMs;
  const isCut = (from: number, to: number) =>
    isRing ? (from + 1) % names.length === to : from !== to && random.chance(share);
  const faults = names.flatMap((from, i) =>
    names.flatMap((to, j): Fault[] => isCut(i, j) ? [oneWayCut(from, to, fromMs, lastsMs)] : [])
  );
  return { ...day, nodes, faults: [...faults, ...someFaults(day, random)] };
};
