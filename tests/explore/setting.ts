import type { LeaseUse } from "../../lib/base/lease_use.ts";
import { type Deviation, type Kind, readDeviation } from "./deviation.ts";

/** The length of a step, in milliseconds: a quarter of the time between two announcements. */
export const stepMs = 250;
/** The time between two announcements of every node, in milliseconds. */
export const freqMs = 4 * stepMs;
/** The tolerance of nodes that are configured alike, in milliseconds. */
export const toleranceMs = 3 * freqMs;

/** The part of a node's configuration that nodes may differ in. */
export interface NodeConfig {
  /** The listed nodes, a letter each, this one among them. */
  readonly list: string;
  /** Votes needed for a lord. */
  readonly quorum: number;
  /** The silence after which a member is dropped, in milliseconds. */
  readonly toleranceMs: number;
  /** Whether the lease decides who is lord. */
  readonly lease: LeaseUse;
  /** The time that the unlord hooks may take, in milliseconds. */
  readonly releaseMs: number;
}

/** A node of a setting. */
export interface NodePlan extends NodeConfig {
  /** The node's name, a letter; its source address derives from it. */
  readonly name: string;
  /** The letter of the address that the node takes for its own in the lists. */
  readonly listedAs: string;
  /** The node's rank. */
  readonly valor: number;
  /** The step with which the node starts. */
  readonly startStep: number;
  /** The speed of the node's clock; 1: right. */
  readonly clockRate: number;
  /** The duration of its lord hooks, in milliseconds. */
  readonly lordHookMs: number;
  /** The duration of its unlord hooks, in milliseconds. */
  readonly unlordHookMs: number;
}

/** Nodes, and their calm course, which the deviations are tried on. */
export interface Setting {
  /** The name, a word. */
  readonly name: string;
  /** The nodes, and how their lord is lost, in a few words. */
  readonly about: string;
  /** The nodes. */
  readonly nodes: readonly NodePlan[];
  /** The things that happen in the calm course: how the lord is lost, and comes back. */
  readonly course: readonly Deviation[];
  /** The step with which the course ends: no deviation begins then or later. */
  readonly endStep: number;
  /** How much coarser the grid of deviations is than that of the first setting. */
  readonly coarser: number;
  /** The kinds of deviations that are not tried. */
  readonly without: readonly Kind[];
}

const node = (name: string, changed: Partial<NodePlan> = {}): NodePlan => ({
  name,
  listedAs: name,
  valor: 40 - 10 * (name.charCodeAt(0) - "a".charCodeAt(0)),
  startStep: 0,
  clockRate: 1,
  lordHookMs: 40,
  unlordHookMs: 40,
  list: "abc",
  quorum: 2,
  toleranceMs,
  lease: "auto",
  releaseMs: 0,
  ...changed,
});

const alike = (changed: Partial<NodePlan> = {}) =>
  ["a", "b", "c"].map((name) => node(name, changed));

type Course = Pick<Setting, "course" | "endStep" | "coarser" | "without">;

const course = (endStep: number, ...names: readonly string[]): Course => ({
  course: names.map(readDeviation),
  endStep,
  coarser: 1,
  without: [],
});

// Two settings of nodes alike suffice for these: a double is dropped, whoever is configured how, and
// nodes that are configured differently need not be reloaded as well.
const leftOut: readonly Kind[] = ["tolerance", "quorum", "list", "double"];

// Where nodes differ, or their clocks do, the difference matters more than the step.
const differing = { coarser: 2, without: leftOut };

// Four nodes have twice the links of three.
const four = { coarser: 4, without: leftOut };

/**
 * The settings that are explored. The first lord is there after 13 steps, and the next one, where
 * the lord takes no leave, as many after its loss.
 */
export const settings: readonly Setting[] = [
  {
    name: "alike",
    about: "nodes alike; the lord is killed, and comes back",
    nodes: alike(),
    ...course(56, "16:kill a", "30:start a"),
    // The settings with a coarser grid try these.
    without: ["leave", "forget"],
  },
  {
    name: "leave",
    about: "nodes alike; the lord takes leave, and comes back",
    nodes: alike(),
    ...course(46, "16:stop a", "22:start a"),
    coarser: 2,
    without: ["quorum", "list"],
  },
  {
    name: "slow",
    about: "slow hooks with a release time, clocks that drift; the lord is cut off for a while",
    nodes: [0.98, 1, 1.02].map((clockRate, index) =>
      node("abc"[index], { clockRate, lordHookMs: 600, unlordHookMs: 400, releaseMs: 500 })
    ),
    ...course(58, "20:isolate a 16"),
    ...differing,
  },
  {
    name: "parted",
    about: "b is cut off, and then the lord is: the promise of c alone keeps b from the title",
    nodes: alike({ startStep: 2 }),
    ...course(50, "8:isolate b 13", "20:isolate a 16"),
    ...differing,
  },
  {
    name: "tolerances",
    about: "the lord has a longer tolerance than the others, and is cut off for a while",
    nodes: [18, 8, 8].map((steps, index) => node("abc"[index], { toleranceMs: steps * stepMs })),
    ...course(56, "24:isolate a 14"),
    ...differing,
  },
  {
    name: "off",
    about: "one node with legion-lease = off; the lord is cut off for a while",
    nodes: [node("a"), node("b"), node("c", { lease: "off" })],
    ...course(50, "16:isolate a 16"),
    ...differing,
  },
  {
    name: "lists",
    about: "two nodes list a third, which has another list, with a fourth; the lord is killed",
    nodes: [
      node("a"),
      node("b"),
      node("c", { list: "cd" }),
      node("d", { list: "cd", valor: 10 }),
    ],
    ...course(56, "16:kill a", "30:start a"),
    ...four,
  },
  {
    name: "quorums",
    about: "one node has a quorum of 1; the lord is cut off for a while",
    nodes: [node("a"), node("b"), node("c", { quorum: 1 })],
    ...course(54, "16:isolate a 16"),
    ...differing,
  },
  {
    name: "twice",
    about: "two nodes take the same address for their own; the lord is killed, and comes back",
    nodes: [node("a"), node("b"), node("c"), node("d", { listedAs: "b", startStep: 8 })],
    ...course(56, "16:kill a", "30:start a"),
    ...four,
  },
  {
    name: "replaced",
    about: "d has taken the place of c, which b does not know yet; the lord is cut off for a while",
    nodes: [
      node("a", { list: "abd" }),
      node("b"),
      node("c"),
      node("d", { list: "abd", valor: 10 }),
    ],
    ...course(54, "16:isolate a 16"),
    ...four,
  },
];

/**
 * The setting of this name.
 *
 * @throws Error when there is none
 */
export function settingOf(name: string): Setting {
  const setting = settings.find((one) => one.name === name);
  if (setting !== undefined) return setting;
  const known = settings.map((one) => one.name).join(", ");
  throw new Error(`there is no setting ${JSON.stringify(name)}, only ${known}`);
}

/** Whether all nodes go by one list and one quorum throughout, and each is itself on that list. */
export function isOneElectorate(
  { nodes }: Setting,
  deviations: readonly Deviation[],
): boolean {
  const [{ list, quorum }] = nodes;
  return 2 * quorum > list.length &&
    new Set(nodes.map(({ listedAs }) => listedAs)).size === nodes.length &&
    nodes.every((one) => one.list === list && one.quorum === quorum && one.lease !== "off") &&
    deviations.every(({ kind }) => kind !== "list" && kind !== "quorum");
}
