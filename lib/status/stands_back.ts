import { isoSeconds } from "../base/iso_seconds.ts";
import type { StandBack, StandBackKind } from "./report.ts";

/** A reason why a node stands back in words, with its end where that is known. */
export function standsBackText({ why, until }: StandBack): string {
  return until > 0 ? `${why}, until ${isoSeconds(until)}` : why;
}

/**
 * Whether a kind of reason asks something of somebody: a node that holds back, or that a leader is
 * not on, does what it was told to.
 */
export function isAmiss(kind: StandBackKind): boolean {
  return kind !== "holding back" && kind !== "not leader";
}
