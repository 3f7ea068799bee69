import { addresses, majority } from "../common_day.ts";
import type { Random } from "../random.ts";
import type { Fault, NodePlan, Scenario } from "../scenario.ts";

/** Makes a day of its family out of one of nodes alike. */
export type Family = (day: Scenario, random: Random) => Scenario;

/** So many nodes, a with the highest valor, all configured as the first of the day. */
export function nodesAlike({ nodes: [like] }: Scenario, random: Random, count: number): NodePlan[] {
  const voters = addresses(count);
  return voters.map((address, index) => ({
    ...like,
    name: nameOf(index),
    valor: 10 * (count - index),
    voters,
    quorum: majority(count),
    address,
    node: address,
    clockRate: random.between(0.98, 1.02),
    wallOffsetMs: random.between(-5000, 5000),
    startMs: random.between(0, 1000),
  }));
}

/** Draws the number of nodes: mostly three. */
export function drawCount(random: Random): number {
  return random.pick([2, 3, 3, 3, 3, 4, 5, 5]);
}

/** The names of so many nodes. */
export function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => nameOf(index));
}

/** The day's faults on some days, none on the others, where a family's own trouble stands alone. */
export function someFaults({ faults }: Scenario, random: Random): readonly Fault[] {
  return random.chance(0.5) ? faults : [];
}

/** The time when a legion that starts undisturbed has its first lord, and a while more. */
export function lordMs({ toleranceMs }: Scenario, random: Random): number {
  return random.between(2, 4) * toleranceMs;
}

function nameOf(index: number): string {
  return String.fromCharCode("a".charCodeAt(0) + index);
}
