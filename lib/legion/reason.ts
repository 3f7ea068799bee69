/**
 * The kinds of reasons for which a node stands back (LEASE.md, rule 11):
 *
 * - `no address`: this node does not know which of the listed nodes it is
 * - `unfit`: a check of its service fails, or has not passed yet
 * - `not leader`: others have a leader, and a check says that it is not on this server
 * - `drained`: somebody wants it so
 * - `refused`: its account at a provider refuses the login
 * - `hook failed`: a lord hook failed (`legion-death-on-lord-error`)
 * - `flapping`: this node has lost the title too often (`legion-flap`)
 * - `holding back`: this node would take the title from a lord (`legion-failback`, or since a lord
 *   hook of its own failed)
 */
export const reasonKinds = [
  "no address",
  "unfit",
  "not leader",
  "drained",
  "refused",
  "hook failed",
  "flapping",
  "holding back",
] as const;

/** One of {@link reasonKinds}. */
export type ReasonKind = typeof reasonKinds[number];

/** A reason for which a node stands back: it votes as an arbiter, and may not be lord. */
export interface Reason {
  /** The kind of reason. */
  readonly kind: ReasonKind;
  /** The reason in a few words, for log and status. */
  readonly why: string;
  /** When the reason ends by itself, monotonic; undefined: not known to end. */
  readonly untilMs?: number;
}

/** Reasons in words, each with the time that is left where known. */
export function reasonsText(reasons: readonly Reason[], nowMs: number): string {
  return reasons.map(({ why, untilMs }) =>
    untilMs === undefined ? why : `${why}, for ${((untilMs - nowMs) / 1000).toFixed(1)} s more`
  ).join("; ");
}
