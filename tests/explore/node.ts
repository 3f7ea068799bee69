import type { HookEvent } from "../../lib/base/hook_event.ts";
import type { Effect, Instant } from "../../lib/legion/effects.ts";
import { forgotten, type Notes, type Past, shifted } from "../../lib/legion/notes.ts";
import type { Legion } from "../../lib/legion/legion.ts";
import type { LegionOptions } from "../../lib/legion/options.ts";
import { freqMs, type NodeConfig, type NodePlan, toleranceMs } from "./setting.ts";

// The wall clock at the beginning, in milliseconds since 1970; its seconds have ten digits.
const epochMs = 1_000_000_000_000;
// A timer is never early, and always a little late.
const timerLateMs = 0.5;
/** How long a node stands back after a lord hook failed, in milliseconds. */
export const deathOnLordErrorMs = 2 * toleranceMs;

/** The hooks of an event while they run. */
export interface Run {
  /** The event. */
  readonly event: HookEvent;
  /** When they end, in milliseconds since the beginning. */
  endsMs: number;
}

/** A node of a schedule: its configuration, its troubles, and its process while one runs. */
export class Node {
  readonly plan: NodePlan;
  /** The place among the nodes. */
  readonly index: number;
  /** The source address of its datagrams. */
  readonly address: string;
  /** The configuration as it is now. */
  config: NodeConfig;
  /** The running code; undefined: no process runs. */
  legion?: Legion;
  /** A number that is another one for each process. */
  life = 0;
  /** When the process asked to be woken, in milliseconds since the beginning. */
  wakeMs = Infinity;
  /** Until then the process stands still. */
  pausedUntilMs = 0;
  /** The steps of a process that stands still. */
  waiting: (() => void)[] = [];
  /** The hooks that run. */
  hooks?: Run;
  /** The notes of the last process, by the true time; undefined: there are none. */
  #notes?: Notes;
  /** Whether the lord hooks have begun, and no unlord hooks since. */
  holds = false;
  /** Until then lord hooks that begin will fail. */
  hooksFailUntilMs = 0;
  /** Until then farewells are lost. */
  farewellsLostUntilMs = 0;
  /** Whether the check fails. */
  unfit = false;
  /** Until then the check fails at least. */
  unfitUntilMs = 0;
  /** Until then the process may be lord or take over, in milliseconds since the beginning. */
  claimsUntilMs = -Infinity;
  /** Until then its unlord hooks run, where they have begun in time. */
  releasesUntilMs = -Infinity;
  #bornMs = 0;
  #uuids = 0;

  constructor(plan: NodePlan, index: number) {
    this.plan = plan;
    this.index = index;
    this.config = plan;
    this.address = addressOf(plan.name);
  }

  /** The options for the code. */
  get options(): LegionOptions {
    const { name, listedAs, valor } = this.plan;
    const { list, quorum, toleranceMs, lease, releaseMs } = this.config;
    return {
      legion: "explored",
      name,
      pid: this.life,
      valor,
      quorum,
      scroll: "",
      freqMs,
      toleranceMs,
      skewToleranceMs: 60_000,
      deathOnLordErrorMs,
      lease,
      releaseMs,
      voters: [...list].map(addressOf).sort(),
      node: addressOf(listedAs),
      maxMembers: 20,
      failback: { kind: "immediate" },
      flap: { count: 3, withinMs: 600_000 },
      newUuid: () => `${name}${++this.#uuids}`.padEnd(36, "."),
    };
  }

  /** Begins another process with the given code. */
  begin(legion: (options: LegionOptions) => Legion, nowMs: number): void {
    this.life++;
    this.#bornMs = nowMs;
    this.pausedUntilMs = 0;
    this.legion = legion(this.options);
  }

  /** The things that the next process finds of the last one. */
  get past(): Past {
    if (this.#notes === undefined) return forgotten;
    return { kind: "noted", notes: shifted(this.#notes, -this.#bornMs) };
  }

  /** Keeps notes for the next process; null: none. */
  note(notes: Notes | null): void {
    // A clock that is slow makes no promise shorter.
    this.#notes = notes === null ? undefined : shifted(notes, this.#bornMs);
  }

  /** Ends the process. */
  end(): void {
    this.legion = undefined;
    this.wakeMs = Infinity;
    this.waiting = [];
    this.hooks = undefined;
    this.holds = false;
    this.claimsUntilMs = this.releasesUntilMs = -Infinity;
  }

  /** The present moment on the clocks of the process. */
  instant(nowMs: number): Instant {
    return {
      monotonicMs: (nowMs - this.#bornMs) * this.plan.clockRate,
      wallMs: epochMs + nowMs,
    };
  }

  /** Converts a time of the process's monotonic clock to milliseconds since the beginning. */
  trueMs(monotonicMs: number): number {
    return this.#bornMs + monotonicMs / this.plan.clockRate;
  }

  /** Takes note of when the process wants to be woken. */
  wakeAt({ monotonicMs }: Effect & { type: "wakeAt" }): void {
    this.wakeMs = this.trueMs(monotonicMs) + timerLateMs;
  }
}

/** The address of a node, `host:port`, by its letter. */
export function addressOf(letter: string): string {
  return `10.0.0.${letter.charCodeAt(0) - "a".charCodeAt(0) + 1}:2000`;
}
