import { allAtMost, both, medianAtMost } from "./limits.ts";
import type { Limit } from "./section.ts";
import { failover, keepalived, type Kind, type Timing, uwsgi } from "./takeover_kinds.ts";

/** The faults, by name, with their text in the table, in its order. */
export const faults = {
  kill: "SIGKILL of the lord → POST",
  stop: "SIGTERM of the lord → POST",
  cut: "the lord's link cut → POST",
  firstStart: "very first start of the legion → first POST",
  boot: "boot of the legion, stopped before → first POST",
  reboot: "the same, its machines rebooted meanwhile",
  comeBack: "return of the highest valor, stopped before → POST",
} as const;

/** A fault that is measured. */
export type Fault = keyof typeof faults;

/** One kind of node with one setting. */
export interface Plan {
  /** The kind of node. */
  readonly kind: Kind;
  /** The timing it is set to. */
  readonly timing: Timing;
  /** Whether to measure only once, since it takes minutes; left out with `--quick`. */
  readonly once?: true;
  /** The only fault to measure; default: all. */
  readonly only?: Fault;
}

/** The shortest settings that are measured. */
export const shortest: Timing = { freqSeconds: 0.02, toleranceSeconds: 0.06 };
const fast: Timing = { freqSeconds: 0.1, toleranceSeconds: 0.3 };
/** The settings of most users, and those of keepalived. */
export const usual: Timing = { freqSeconds: 1, toleranceSeconds: 3 };
const untouched: Timing = { freqSeconds: 3, toleranceSeconds: 15 };
/** The settings that the README of uWSGI's plugin advises. */
const advised: Timing = { freqSeconds: 3, toleranceSeconds: 60 };

/** The plans, in the order of their turns. */
export const plans: readonly Plan[] = [
  { kind: failover, timing: shortest, only: "kill" },
  { kind: keepalived, timing: shortest, only: "kill" },
  { kind: failover, timing: fast },
  { kind: keepalived, timing: fast },
  { kind: failover, timing: usual },
  { kind: uwsgi, timing: usual },
  { kind: keepalived, timing: usual },
  { kind: failover, timing: untouched, once: true },
  { kind: uwsgi, timing: advised, once: true },
];

/** The text of a setting in the table. */
export function settingOf({ freqSeconds, toleranceSeconds }: Timing): string {
  return `freq ${freqSeconds}, tolerance ${toleranceSeconds}`;
}

/** The limit that failover must keep; undefined: none. */
export function limitOf(fault: Fault, timing: Timing): Limit | undefined {
  const { freqSeconds, toleranceSeconds } = timing;
  switch (fault) {
    case "kill":
      if (timing === shortest) return medianAtMost(0.1, "s");
      if (timing === fast) return both(medianAtMost(0.33, "s"), allAtMost(0.35, "s"));
      return timing === usual ? medianAtMost(3.05, "s") : undefined;
    case "stop":
      return medianAtMost(0.02, "s");
    case "firstStart":
      return allAtMost(1.05 * toleranceSeconds + freqSeconds + 0.2, "s");
    case "boot":
      return medianAtMost(timing === fast ? 0.3 : 0.35, "s");
    case "comeBack":
      if (timing === untouched) return undefined;
      return medianAtMost(timing === fast ? 0.3 : 0.35, "s");
    default:
      return undefined;
  }
}
