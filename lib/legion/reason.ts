import type { StandBackKind } from "../base/stand_back_kind.ts";

/** A reason for which a node stands back: it votes as an arbiter, and may not be lord. */
export interface Reason {
  /** The kind of reason. */
  readonly kind: StandBackKind;
  /** The reason in a few words, for log and status. */
  readonly why: string;
  /** When the reason ends by itself, monotonic; undefined: not known to end. */
  readonly untilMs?: number;
}

const plannedKinds: readonly StandBackKind[] = ["not leader", "drained", "holding back"];

/** Whether a title that is lost for these reasons alone goes as somebody has ordered or set it. */
export function arePlanned(reasons: readonly Reason[]): boolean {
  return reasons.every(({ kind }) => plannedKinds.includes(kind));
}

/** Reasons in words, each with the time that is left where known. */
export function reasonsText(reasons: readonly Reason[], nowMs: number): string {
  return reasons.map(({ why, untilMs }) =>
    untilMs === undefined ? why : `${why}, for ${((untilMs - nowMs) / 1000).toFixed(1)} s more`
  ).join("; ");
}
