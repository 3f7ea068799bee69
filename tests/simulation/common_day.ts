import type { FailbackUse } from "../../lib/base/failback_use.ts";
import type { LeaseUse } from "../../lib/base/lease_use.ts";
import { Random } from "./random.ts";
import {
  commonFaultKinds,
  type Fault,
  type FaultKind,
  type NodePlan,
  oneWayCut,
  type RestartKind,
  type RuleName,
  type Scenario,
  strike,
} from "./scenario.ts";

/** The kind of legion that a day is drawn for. */
export interface Kind {
  /** The name of the family. */
  readonly family: string;
  /** The rule of all nodes. */
  readonly rule: RuleName;
  /** Whether one node is uWSGI's. */
  readonly mixed?: boolean;
}

/** Draws a day of three or five nodes that are configured alike, with up to ten faults. */
export function drawCommonDay(seed: number, { family, rule, mixed = false }: Kind): Scenario {
  const random = new Random(seed);
  const toleranceMs = random.whole(3, 6) * 1000;
  const freqMs = random.pick([500, 1000]);
  const hookMs = random.pick([50, 1000, 4000, 12_000]);
  // The seeds are those of a time when the family was drawn here.
  random.next();
  const lease = random.pick<LeaseUse>(mixed ? ["auto", "auto", "on"] : ["auto", "on"]);
  const alike = { toleranceMs, freqMs };
  const nodes = drawNodes(random, { mixed, all: rule === "uwsgi" });
  const faults = drawFaults(random, {
    troubleMs: random.between(20_000, 60_000),
    names: nodes.map(({ name }) => name),
    toleranceMs,
  });
  const failback: FailbackUse = rule === "lease"
    ? drawFailback(random, toleranceMs)
    : { kind: "immediate" };
  // The time is short, so that a node that has to stand back stands again before the end.
  const flap = { count: random.whole(1, 3), withinMs: 2 * toleranceMs };
  const releaseMs = drawReleaseMs(random, rule, toleranceMs);
  return {
    seed,
    rule,
    family,
    nodes: nodes.map(({ isUwsgi, ...node }): NodePlan => ({
      ...node,
      ...alike,
      releaseMs,
      lease: isUwsgi ? "uwsgi" : lease,
      failback: isUwsgi ? { kind: "immediate" } : failback,
      remembers: false,
    })),
    flap,
    toleranceMs,
    deathOnLordErrorMs: random.chance(0.5) ? random.between(0.1, 1) * toleranceMs : 0,
    hookMs,
    loss: random.chance(0.5) ? random.between(0, 0.1) : 0,
    doubling: random.chance(0.3) ? random.between(0, 0.1) : 0,
    latencyMs: random.pick([1, 20, 200]),
    // Never with uWSGI nodes, which would stand still meanwhile: only their rule is to be compared.
    noticeMs: rule === "lease" && !mixed && random.chance(0.4) ? random.between(0, hookMs) : 0,
    faults,
  };
}

/** The addresses of so many nodes. */
export function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `10.0.0.${index + 1}:2000`);
}

/** More than half of so many nodes. */
export function majority(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** Draws when a node takes the title back. */
export function drawFailback(random: Random, toleranceMs: number): FailbackUse {
  return random.pick<FailbackUse>([
    { kind: "immediate" },
    { kind: "immediate" },
    { kind: "delay", delayMs: random.between(0.5, 3) * toleranceMs },
    { kind: "manual" },
  ]);
}

function drawReleaseMs(random: Random, rule: RuleName, toleranceMs: number): number {
  const isSet = rule === "lease" && random.chance(0.3);
  return isSet ? random.between(0.05, 0.5) * toleranceMs : 0;
}

function drawNodes(random: Random, { mixed, all }: { mixed: boolean; all: boolean }) {
  const count = random.pick([3, 3, 3, 5]);
  const arbiter = random.chance(0.25);
  const uwsgiNode = mixed ? random.whole(0, count - 1) : -1;
  const startsMs = random.chance(0.5) ? 0 : 3000;
  const voters = addresses(count);
  return voters.map((address, index) => ({
    name: String.fromCharCode("a".charCodeAt(0) + index),
    valor: arbiter && index === count - 1 ? 0 : random.chance(0.1) ? 5 : 10 * (count - index),
    isUwsgi: all || index === uwsgiNode,
    address,
    node: address,
    voters,
    quorum: majority(count),
    sources: [],
    clockRate: random.between(0.98, 1.02),
    wallOffsetMs: random.between(-5000, 5000),
    startMs: random.between(0, startsMs),
  }));
}

/** The faults that may be drawn. */
export interface FaultRange {
  /** The nodes to strike. */
  readonly names: readonly string[];
  /** The time before which all faults begin. */
  readonly troubleMs: number;
  /** The measure of all times, in milliseconds. */
  readonly toleranceMs: number;
}

function drawFaults(random: Random, range: FaultRange): Fault[] {
  const { names, troubleMs, toleranceMs } = range;
  const faults: Fault[] = [];
  // Some days bunch their faults, so that one makes worse what another has begun.
  const together = random.pick([0, 0.5, 0.95]);
  for (let count = random.whole(1, 10); count > 0; count--) {
    const kind = random.pick(commonFaultKinds);
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
export function drawForgottenPromise(
  random: Random,
  { names, troubleMs, toleranceMs }: FaultRange,
  kind: RestartKind = "crash",
): Fault[] {
  const [lord, rival, supporter] = random.shuffled(names);
  const beginsMs = random.between(0, troubleMs);
  const restartMs = beginsMs + random.between(1, 2) * toleranceMs;
  const backMs = restartMs + random.between(10, 500);
  const untilMs = backMs + random.between(0.5, 2) * toleranceMs;
  return [
    oneWayCut(lord, rival, beginsMs, untilMs - beginsMs),
    oneWayCut(lord, supporter, restartMs, untilMs - restartMs),
    oneWayCut(supporter, lord, restartMs, untilMs - restartMs),
    strike(kind, supporter, restartMs, backMs - restartMs),
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
