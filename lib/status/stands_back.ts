import { isoSeconds } from "../base/iso_seconds.ts";
import type { StandBackKind } from "../base/stand_back_kind.ts";

/** A reason why a node stands back: it votes, and may not be lord (LEASE.md, rule 11). */
export interface StandBack {
  /** The kind of reason. */
  readonly kind: StandBackKind;
  /** The reason in a few words. */
  readonly why: string;
  /** When the reason ends by itself, in wall clock seconds; 0: not known. */
  readonly until: number;
}

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
