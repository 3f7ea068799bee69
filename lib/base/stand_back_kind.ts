/**
 * The kinds of reasons for which a node stands back (LEASE.md, rule 11):
 *
 * - `no address`: this node does not know which of the listed nodes it is
 * - `unfit`: a check of its service fails, or has not passed yet
 * - `not leader`: others have a leader, and a check (`leader=1`) says that it is not on this server, or
 *   not yet
 * - `drained`: somebody wants it so
 * - `refused`: a provider refuses the login that its lord hooks need
 * - `hook failed`: a lord hook failed, not long ago (`legion-death-on-lord-error`)
 * - `flapping`: this node has lost the title too often (`legion-flap`)
 * - `holding back`: this node would take the title from a lord (`legion-failback`, or since a lord
 *   hook of its own failed)
 */
export const standBackKinds = [
  "no address",
  "unfit",
  "not leader",
  "drained",
  "refused",
  "hook failed",
  "flapping",
  "holding back",
] as const;

/** One of {@link standBackKinds}. */
export type StandBackKind = typeof standBackKinds[number];
