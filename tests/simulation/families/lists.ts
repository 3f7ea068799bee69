import { addresses, majority } from "../common_day.ts";
import type { Random } from "../random.ts";
import {
  type Fault,
  type NodePlan,
  partition,
  reload,
  type Scenario,
  strike,
} from "../scenario.ts";
import { type Family, lordMs, names, nodesAlike } from "./family.ts";

/** A step of a change: its faults begin at this time. */
type Step = (atMs: number) => Fault;

/** A change of the list: the nodes at the beginning, and the steps in the right order. */
interface Change {
  readonly nodes: readonly NodePlan[];
  /** The steps; those of one group may come in any order. */
  readonly groups: readonly (readonly Step[])[];
}

/**
 * The list of voters changes by reloads of single nodes, in the right order or another, on a calm
 * day or while the legion is parted.
 */
export const lists: Family = (day, random) => {
  const { nodes, groups } = random.pick([replaced, threeToFive, fiveToThree])(day, random);
  const inOrder = groups.flatMap((group) => random.shuffled(group));
  const orders = [inOrder, random.shuffled(inOrder), inOrder.toReversed()];
  const steps = random.pick(orders);
  let atMs = lordMs(day, random);
  const faults = steps.map((step) => {
    atMs += random.between(0.1, random.pick([1, 4])) * day.toleranceMs;
    return step(atMs);
  });
  return { ...day, nodes, faults: [...faults, ...drawTrouble(day, random, faults)] };
};

/** c is replaced by d, and returns one day with its old list. */
function replaced(day: Scenario, random: Random): Change {
  const nodes = nodesAlike(day, random, 4);
  const [a, b, c, d] = addresses(4);
  const former = { voters: [a, b, c], quorum: 2 };
  const next = { voters: [a, b, d], quorum: 2 };
  const lastsMs = random.chance(0.5) ? Infinity : random.between(1, 4) * day.toleranceMs;
  return {
    nodes: nodes.map((node, index) => ({
      ...node,
      ...index === 3 ? next : former,
      startMs: index === 3 ? Infinity : node.startMs,
    })),
    groups: [
      [(atMs) => strike("stop", "c", atMs, 6 * day.toleranceMs)],
      [(atMs) => reload("a", atMs, next), (atMs) => reload("b", atMs, next)],
      [(atMs) => strike("start", "d", atMs, 0)],
      [(atMs) => strike("stop", "c", atMs + 8 * day.toleranceMs, lastsMs)],
    ],
  };
}

/** d and e join: first the others get the new list and quorum, then the new ones start. */
function threeToFive(day: Scenario, random: Random): Change {
  const nodes = nodesAlike(day, random, 5);
  const next = { voters: addresses(5), quorum: majority(5) };
  const former = { voters: addresses(3), quorum: majority(3) };
  return {
    nodes: nodes.map((node, index) =>
      index < 3 ? { ...node, ...former } : { ...node, ...next, startMs: Infinity }
    ),
    groups: [
      names(3).map((name): Step => (atMs) => reload(name, atMs, next)),
      ["d", "e"].map((name): Step => (atMs) => strike("start", name, atMs, 0)),
    ],
  };
}

/** d and e go: first they stop, then the others get the new list and quorum. */
function fiveToThree(day: Scenario, random: Random): Change {
  const nodes = nodesAlike(day, random, 5);
  const next = { voters: addresses(3), quorum: majority(3) };
  return {
    nodes,
    groups: [
      ["d", "e"].map((name): Step => (atMs) => strike("stop", name, atMs, Infinity)),
      names(3).map((name): Step => (atMs) => reload(name, atMs, next)),
    ],
  };
}

/** On a calm day nothing; else the legion is parted meanwhile, or it is any bad day. */
function drawTrouble(day: Scenario, random: Random, steps: readonly Fault[]): readonly Fault[] {
  const kind = random.pick(["calm", "parted", "parted", "parted", "bad"]);
  if (kind === "bad") return day.faults;
  if (kind === "calm") return [];
  const from = random.whole(1, steps.length - 1);
  const { fromMs } = steps[from];
  const lastsMs = random.between(1, 5) * day.toleranceMs;
  // Worst of all: the nodes that have changed cannot hear the others.
  const changed = steps.slice(0, from + 1).map(({ nodes: [name] }) => name);
  const some = random.chance(0.6) ? changed : names(5).filter(() => random.chance(0.5));
  return [partition(some, fromMs + random.between(0, 0.5) * day.toleranceMs, lastsMs)];
}
