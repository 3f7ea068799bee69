import type { Voter } from "./election.ts";
import type { Unfitness } from "./fitness.ts";
import type { Guarantee } from "./guarantee.ts";
import type { LordshipState } from "./lordship.ts";
import type { Member } from "./membership.ts";

/**
 * Where a node is in its life: `setting up` (the setup hooks run), `listening` (the first round,
 * which elects nobody), `voting`, `suspended` (after a lord hook failed), `unfit` (it stays out), `dying` (the death hooks
 * run), `leaving` (the farewells go out), `gone`.
 */
export type Phase =
  | "setting up"
  | "listening"
  | "voting"
  | "suspended"
  | "unfit"
  | "dying"
  | "leaving"
  | "gone";

/** A legion as one of its nodes sees it, for the status. */
export interface LegionView {
  readonly uuid: string;
  /** With which it stands now; 0 also while it holds back. */
  readonly valor: number;
  readonly phase: Phase;
  /** Why it may not be lord; undefined: it may. */
  readonly unfitness?: Unfitness;
  /** Until when it holds back as an arbiter, monotonic; Infinity: until it is promoted. */
  readonly holdsBackUntilMs?: number;
  readonly lordship: LordshipState;
  /** Since when this node is lord, in wall clock seconds; 0 when it is not. */
  readonly lordSince: number;
  /** Until when it is lord if nothing happens, monotonic; -Infinity: it is not. */
  readonly lordUntilMs: number;
  readonly checksum: bigint;
  /** The node voted for. */
  readonly candidate?: Voter;
  /** For the candidate: by the lease those who support it, else all when all agree, or none. */
  readonly votes: number;
  /** Whom the legion has last agreed upon; undefined while there is no quorum. */
  readonly elected?: Voter;
  readonly guarantee: Guarantee;
  /** The uuid of the node that this one supports (LEASE.md, rule 3). */
  readonly support?: string;
  /**
   * Until when this node may be lord as far as it knows now, monotonic; -Infinity: too few support
   * it; Infinity: nobody needs to.
   */
  readonly endsMs: number;
  /** Until when it supports nobody after its start, monotonic. */
  readonly listensUntilMs: number;
  /** When the phase ends by itself, in monotonic milliseconds; Infinity when it does not. */
  readonly phaseEndsMs: number;
  readonly members: readonly Member[];
  /** How many senders are remembered, those who have left lately among them. */
  readonly sendersKnown: number;
}
