import type { FailbackUse } from "../../lib/base/failback_use.ts";
import type { FlapLimit } from "../../lib/base/flap_limit.ts";
import type { LeaseUse } from "../../lib/base/lease_use.ts";
import { Random } from "./random.ts";

/** The rule of all nodes: the lease, as their options set it, or uWSGI's rule. */
export type RuleName = "lease" | "uwsgi";

/** The most members that a node takes in: each restart and suspension makes a new one. */
export const maxMembers = 20;

/** The limit for the difference between the nodes' clocks, in milliseconds. */
export const skewToleranceMs = 60_000;

/** One node of a scenario. */
export interface NodePlan {
  readonly name: string;
  readonly valor: number;
  /** Whether the node acts as uWSGI: its datagrams, its rule, and a standstill while hooks run. */
  readonly uwsgi: boolean;
  /** The speed of its clock; 1: right. */
  readonly clockRate: number;
  /** The error of its wall clock, in milliseconds. */
  readonly wallOffsetMs: number;
  /** The time of its start, in milliseconds. */
  readonly startMs: number;
}

/** A fault that lasts for a while. */
export interface Fault {
  /** The kind of fault. */
  readonly kind: FaultKind;
  /** The beginning, in milliseconds since the day began. */
  readonly fromMs: number;
  /** The end, in milliseconds since the day began. */
  readonly untilMs: number;
  /** The node that the fault strikes, or the nodes on one side of a cut. */
  readonly nodes: readonly string[];
  /** The size, by its kind: a loss as a share, a delay or clock step in milliseconds. */
  readonly amount: number;
}

/** The kinds of faults. */
export const faultKinds = [
  "partition",
  "one-way cut",
  "mute",
  "deaf",
  "loss",
  "delay",
  "doubling",
  "crash",
  "stop",
  "pause",
  "clock step",
  "slow hooks",
  "failing hooks",
  "robot slow",
  "robot locked",
  "robot lost",
  "crowd",
  "check fails",
  "drain",
  "promote",
] as const;

/** One of {@link faultKinds}. */
export type FaultKind = typeof faultKinds[number];

/** A day full of faults, all of it drawn from a seed. */
export interface Scenario {
  readonly seed: number;
  readonly rule: RuleName;
  readonly nodes: readonly NodePlan[];
  readonly quorum: number;
  readonly lease: LeaseUse;
  readonly failback: FailbackUse;
  readonly flap: FlapLimit;
  readonly freqMs: number;
  readonly toleranceMs: number;
  readonly releaseMs: number;
  readonly deathOnLordErrorMs: number;
  /** The longest duration of lord hooks, in milliseconds. */
  readonly hookMs: number;
  /** The longest duration of hooks that report members, starts or elections, in milliseconds. */
  readonly noticeMs: number;
  /** The share of datagrams that are lost at any time. */
  readonly loss: number;
  /** The share of datagrams that are doubled at any time. */
  readonly doubling: number;
  /** The longest time that a datagram is on its way, in milliseconds. */
  readonly latencyMs: number;
  readonly faults: readonly Fault[];
  /** The time when the last fault is over. */
  readonly calmMs: number;
  /** The time by which everything must be in order. */
  readonly endMs: number;
}

/** Draws a scenario from a seed. */
export function drawScenario(seed: number, rule: RuleName): Scenario {
  const random = new Random(seed);
  const toleranceMs = random.whole(3, 6) * 1000;
  const freqMs = random.pick([500, 1000]);
  const hookMs = random.pick([50, 1000, 4000, 12_000]);
  const mixed = random.chance(0.15);
  const lease = mixed ? random.pick<LeaseUse>(["auto", "auto", "on"]) : random.pick<LeaseUse>([
    "auto",
    "on",
  ]);
  const nodes = drawNodes(random, { mixed, all: rule === "uwsgi" });
  const troubleMs = random.between(20_000, 60_000);
  const faults = drawFaults(random, {
    names: nodes.map(({ name }) => name),
    troubleMs,
    toleranceMs,
  });
  const calmMs = Math.max(20_000, ...faults.map((fault) => overMs(fault, nodes)));
  const failback: FailbackUse = rule === "lease"
    ? drawFailback(random, toleranceMs)
    : { kind: "immediate" };
  // A delayed fail-back takes its own time: up to three nodes take the title, one after another.
  const ownMs = failback.kind === "delay" ? 3 * (failback.delayMs + toleranceMs) : 0;
  return {
    seed,
    rule,
    nodes,
    quorum: Math.floor(nodes.length / 2) + 1,
    lease,
    failback,
    // The time is short, so that a node that has to stay out is back before the end.
    flap: { count: random.whole(1, 3), withinMs: 2 * toleranceMs },
    freqMs,
    toleranceMs,
    releaseMs: rule === "lease" && random.chance(0.3) ? random.between(0.05, 0.5) * toleranceMs : 0,
    deathOnLordErrorMs: random.chance(0.5) ? random.between(0.1, 1) * toleranceMs : 0,
    hookMs,
    loss: random.chance(0.5) ? random.between(0, 0.1) : 0,
    doubling: random.chance(0.3) ? random.between(0, 0.1) : 0,
    latencyMs: random.pick([1, 20, 200]),
    // Never with uWSGI nodes, which would stand still meanwhile: only their rule is to be compared.
    noticeMs: rule === "lease" && !mixed && random.chance(0.4) ? random.between(0, hookMs) : 0,
    faults,
    calmMs,
    // The time that every legion may take to recover.
    endMs: calmMs + 4 * toleranceMs + 2 * hookMs + ownMs,
  };
}

/** Whether no two nodes may ever be lord at one instant, by what the options promise. */
export function isGuaranteed({ lease, nodes, faults }: Scenario): boolean {
  // A crowd brings more voters than the nodes of which the quorum is a majority.
  const isOurs = nodes.every(({ uwsgi }) => !uwsgi) && faults.every(({ kind }) => kind !== "crowd");
  return lease === "on" || (lease === "auto" && isOurs);
}

function drawNodes(random: Random, { mixed, all }: { mixed: boolean; all: boolean }): NodePlan[] {
  const count = random.pick([3, 3, 3, 5]);
  const arbiter = random.chance(0.25);
  const uwsgiNode = mixed ? random.whole(0, count - 1) : -1;
  const startsMs = random.chance(0.5) ? 0 : 3000;
  return Array.from({ length: count }, (_, index) => ({
    name: String.fromCharCode("a".charCodeAt(0) + index),
    valor: arbiter && index === count - 1 ? 0 : random.chance(0.1) ? 5 : 10 * (count - index),
    uwsgi: all || index === uwsgiNode,
    clockRate: random.between(0.98, 1.02),
    wallOffsetMs: random.between(-5000, 5000),
    startMs: random.between(0, startsMs),
  }));
}

/** The time when a fault no longer has an effect. */
function overMs({ kind, untilMs, nodes: [name], amount }: Fault, nodes: readonly NodePlan[]) {
  const isUwsgi = nodes.some((node) => node.name === name && node.uwsgi);
  // Datagrams of uWSGI have no `seq` and are ordered by the clock: after a step back they count
  // as old until the clock is where it was.
  const lasts = kind === "clock step" && isUwsgi && Math.abs(amount) <= skewToleranceMs;
  return untilMs + (lasts ? Math.abs(amount) : 0);
}

function drawFailback(random: Random, toleranceMs: number): FailbackUse {
  return random.pick<FailbackUse>([
    { kind: "immediate" },
    { kind: "immediate" },
    { kind: "delay", delayMs: random.between(0.5, 3) * toleranceMs },
    { kind: "manual" },
  ]);
}

interface FaultRange {
  readonly names: readonly string[];
  /** The time before which all faults begin. */
  readonly troubleMs: number;
  readonly toleranceMs: number;
}

function drawFaults(random: Random, range: FaultRange): Fault[] {
  const { names, troubleMs, toleranceMs } = range;
  const faults: Fault[] = [];
  // Some days bunch their faults, so that one makes worse what another has begun.
  const together = random.pick([0, 0.5, 0.95]);
  for (let count = random.whole(1, 10); count > 0; count--) {
    const kind = random.pick(faultKinds);
    const before = random.chance(together) ? faults.at(-1)?.fromMs : undefined;
    const fromMs = before === undefined
      ? random.between(0, troubleMs)
      : before + random.between(0, toleranceMs);
    // Some faults are so short that a process is back before anybody misses it.
    const lastsMs = random.chance(0.3)
      ? random.between(10, 500)
      : random.between(0.1, 3) * toleranceMs;
    const some = names.filter(() => random.chance(0.5));
    const nodes = kind === "partition" ? some : [random.pick(names), random.pick(names)];
    const amount = drawAmount(random, kind);
    faults.push({ kind, fromMs, untilMs: fromMs + lastsMs, nodes, amount });
  }
  if (random.chance(0.2)) faults.push(...drawForgottenPromise(random, range));
  return faults;
}

/**
 * The faults that make a restart most dangerous: a node that does not hear the lord seeks the
 * support of a node that no longer hears the lord either, and has forgotten by a restart whom it
 * had promised its support.
 */
function drawForgottenPromise(random: Random, { names, troubleMs, toleranceMs }: FaultRange) {
  const [lord, rival, supporter] = random.shuffled(names);
  const beginsMs = random.between(0, troubleMs);
  const restartMs = beginsMs + random.between(1, 2) * toleranceMs;
  const backMs = restartMs + random.between(10, 500);
  const untilMs = backMs + random.between(0.5, 2) * toleranceMs;
  const fault = (kind: FaultKind, fromMs: number, untilMs: number, nodes: string[]): Fault => {
    return { kind, fromMs, untilMs, nodes, amount: 0 };
  };
  return [
    fault("one-way cut", beginsMs, untilMs, [lord, rival]),
    fault("one-way cut", restartMs, untilMs, [lord, supporter]),
    fault("one-way cut", restartMs, untilMs, [supporter, lord]),
    fault("crash", restartMs, backMs, [supporter]),
  ];
}

function drawAmount(random: Random, kind: FaultKind): number {
  switch (kind) {
    case "loss":
      return random.between(0.1, 0.9);
    case "doubling":
      return random.between(0.1, 1);
    case "delay":
      return random.between(100, 2000);
    case "clock step":
      return random.pick([-3_600_000, -20_000, 20_000, 3_600_000]);
    default:
      return random.next();
  }
}
