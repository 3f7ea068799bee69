import type { FailbackUse } from "../../lib/base/failback_use.ts";
import type { FlapLimit } from "../../lib/base/flap_limit.ts";
import type { LeaseUse } from "../../lib/base/lease_use.ts";

/** The rule of all nodes: the lease, as their options set it, or uWSGI's rule. */
export type RuleName = "lease" | "uwsgi";

/** The most members that a node takes in: each restart and each new valor makes a new one. */
export const maxMembers = 20;

/** The limit for the difference between the nodes' clocks, in milliseconds. */
export const skewToleranceMs = 60_000;

/** The part of a node's plan that a reload may change. */
export interface Settings {
  /** The own entry of the list of voters; undefined: not known yet. */
  readonly node?: string;
  /** The list of voters, sorted. */
  readonly voters: readonly string[];
  readonly quorum: number;
  readonly freqMs: number;
  readonly toleranceMs: number;
  readonly releaseMs: number;
  readonly failback: FailbackUse;
  /**
   * The lease mode; `uwsgi`: the node acts as uWSGI does: its datagrams, its rule, and a standstill
   * while hooks run. A reload changes it between `auto` and `on` alone.
   */
  readonly lease: LeaseUse | "uwsgi";
}

/** The part of a node's plan that its configuration file holds, and that a start reads. */
export interface FileSettings extends Settings {
  readonly valor: number;
  /** The name that the node announces; undefined: its own. */
  readonly hostName?: string;
}

/** One node of a scenario. */
export interface NodePlan extends FileSettings {
  readonly name: string;
  /** Whether the node keeps notes and state for its next process. */
  readonly remembers: boolean;
  /** The address, host:port, at which datagrams reach the node. */
  readonly address: string;
  /** The addresses that its datagrams seem to come from, one drawn for each; empty: `address`. */
  readonly sources: readonly string[];
  /** The speed of its clock; 1: right. */
  readonly clockRate: number;
  /** The error of its wall clock, in milliseconds. */
  readonly wallOffsetMs: number;
  /** The time of its start, in milliseconds; Infinity: a fault of the kind `start` starts it. */
  readonly startMs: number;
}

/** A fault that lasts for a while. */
export interface Fault {
  /** The kind of fault. */
  readonly kind: FaultKind;
  /** The beginning, in milliseconds since the day began. */
  readonly fromMs: number;
  /** The end, in milliseconds since the day began; Infinity: the fault outlasts the day. */
  readonly untilMs: number;
  /** The node that the fault strikes, or the nodes on one side of a cut. */
  readonly nodes: readonly string[];
  /**
   * The size, by its kind: a loss as a share, a delay or clock step in milliseconds, and how long
   * before its end a reboot has started the machine.
   */
  readonly amount: number;
  /** The settings that a reload brings, or the next start after an edit. */
  readonly change?: Partial<FileSettings>;
}

/** The kinds of faults of any day. */
export const commonFaultKinds = [
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

/** A kind of fault: one of any day, or one of some families alone. */
export type FaultKind =
  | typeof commonFaultKinds[number]
  | "farewells lost"
  | "refused"
  | "reload"
  | "start"
  | RestartKind
  | "edit"
  | "notes lost"
  | "disk full"
  | "late";

/** The kinds of faults that end a process, and start another at their end. */
export const restartKinds = ["crash", "stop", "restart", "reboot"] as const;

/** A kind of fault that ends a process, and starts another at its end. */
export type RestartKind = typeof restartKinds[number];

/** Whether a fault ends a process, and starts another at its end. */
export function isRestart(fault: Fault): fault is Fault & { readonly kind: RestartKind } {
  return restartKinds.some((kind) => kind === fault.kind);
}

/** A day full of faults, all of it drawn from a seed. */
export interface Scenario {
  readonly seed: number;
  readonly rule: RuleName;
  /** The name of the family that the day is of. */
  readonly family: string;
  readonly nodes: readonly NodePlan[];
  readonly flap: FlapLimit;
  /** The tolerance of most nodes: the measure of the day's other times. */
  readonly toleranceMs: number;
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
}

/** A fault that strikes one node, and needs no size. */
export function strike(kind: FaultKind, name: string, fromMs: number, lastsMs: number): Fault {
  return { kind, nodes: [name], fromMs, untilMs: fromMs + lastsMs, amount: 0 };
}

/** A reload of one node with other settings. */
export function reload(name: string, atMs: number, change: Partial<Settings>): Fault {
  return { ...strike("reload", name, atMs, 0), change };
}

/** A change of a node's configuration file that its next start finds. */
export function edit(name: string, atMs: number, change: Partial<FileSettings>): Fault {
  return { ...strike("edit", name, atMs, 0), change };
}

/** A cut of the way from one node to another. */
export function oneWayCut(from: string, to: string, fromMs: number, lastsMs: number): Fault {
  return { ...strike("one-way cut", from, fromMs, lastsMs), nodes: [from, to] };
}

/** A cut both ways between some nodes and all others. */
export function partition(some: readonly string[], fromMs: number, lastsMs: number): Fault {
  return { ...strike("partition", "", fromMs, lastsMs), nodes: some };
}
