import type { FailbackUse } from "../../lib/base/failback_use.ts";
import type { FlapLimit } from "../../lib/base/flap_limit.ts";
import type { LeaseUse } from "../../lib/base/lease_use.ts";
import { Random } from "./random.ts";

/** By which rule all nodes go: their own options', or uWSGI's. */
export type RuleName = "lease" | "uwsgi";

/** How many members a node takes in, of all that restarts and suspensions make. */
export const maxMembers = 20;

/** How far the clocks of the nodes may be apart. */
export const skewToleranceMs = 60_000;

/** One node of a scenario. */
export interface NodePlan {
  readonly name: string;
  readonly valor: number;
  /** It sends what uWSGI sends, goes by uWSGI's rule, and stands still while its hooks run. */
  readonly uwsgi: boolean;
  /** How fast its clock runs. */
  readonly clockRate: number;
  /** How far its wall clock is off, in milliseconds. */
  readonly wallOffsetMs: number;
  /** When it starts. */
  readonly startMs: number;
}

/** Something bad that lasts for a while. */
export interface Fault {
  readonly kind: FaultKind;
  readonly fromMs: number;
  readonly untilMs: number;
  /** The node it strikes, or those on one side of a cut. */
  readonly nodes: readonly string[];
  /** What the kind needs: a loss as a share, a delay or step in milliseconds. */
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

/** A bad day, all of it drawn from a seed. */
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
  /** How long hooks take at most. */
  readonly hookMs: number;
  /** How long the hooks take at most that tell of members, at the start, and of an election. */
  readonly noticeMs: number;
  /** Share of datagrams that are lost or doubled on any day, and how long one is on its way. */
  readonly loss: number;
  readonly doubling: number;
  readonly latencyMs: number;
  readonly faults: readonly Fault[];
  /** When the last fault is over. */
  readonly calmMs: number;
  /** When everything must be as it should be. */
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
  // What the options ask for themselves: one after the other takes the title back.
  const ownMs = failback.kind === "delay" ? 3 * (failback.delayMs + toleranceMs) : 0;
  return {
    seed,
    rule,
    nodes,
    quorum: Math.floor(nodes.length / 2) + 1,
    lease,
    failback,
    // A node that has to stay out is back before the end.
    flap: { count: random.whole(1, 3), withinMs: 2 * toleranceMs },
    freqMs,
    toleranceMs,
    releaseMs: rule === "lease" && random.chance(0.3) ? random.between(0.05, 0.5) * toleranceMs : 0,
    deathOnLordErrorMs: random.chance(0.5) ? random.between(0.1, 1) * toleranceMs : 0,
    hookMs,
    loss: random.chance(0.5) ? random.between(0, 0.1) : 0,
    doubling: random.chance(0.3) ? random.between(0, 0.1) : 0,
    latencyMs: random.pick([1, 20, 200]),
    // The loop of a uWSGI node would stand still meanwhile: what is compared is its rule.
    noticeMs: rule === "lease" && !mixed && random.chance(0.4) ? random.between(0, hookMs) : 0,
    faults,
    calmMs,
    // What every legion is allowed.
    endMs: calmMs + 4 * toleranceMs + 2 * hookMs + ownMs,
  };
}

/** Whether no two nodes may ever be lord at one instant, by what the options promise. */
export function isGuaranteed({ lease, nodes, faults }: Scenario): boolean {
  // With strangers there are more voters than the quorum is a majority of.
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

/** When a fault no longer tells. */
function overMs({ kind, untilMs, nodes: [name], amount }: Fault, nodes: readonly NodePlan[]) {
  const isUwsgi = nodes.some((node) => node.name === name && node.uwsgi);
  // What has no `seq` is ordered by its clock: one that went back says nothing new for as long.
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
  /** All begin before that. */
  readonly troubleMs: number;
  readonly toleranceMs: number;
}

function drawFaults(random: Random, range: FaultRange): Fault[] {
  const { names, troubleMs, toleranceMs } = range;
  const faults: Fault[] = [];
  // Misfortunes come together: what one does to the legion another makes worse.
  const together = random.pick([0, 0.5, 0.95]);
  for (let count = random.whole(1, 10); count > 0; count--) {
    const kind = random.pick(faultKinds);
    const before = random.chance(together) ? faults.at(-1)?.fromMs : undefined;
    const fromMs = before === undefined
      ? random.between(0, troubleMs)
      : before + random.between(0, toleranceMs);
    // A process may be back before anybody misses it.
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
 * The day on which a restart is most dangerous: a node that hears nothing of the lord courts a
 * supporter that has lost sight of the lord and, by a restart, its memory.
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
