import type { Voter } from "./election.ts";
import type { LordshipState } from "./lordship.ts";
import type { Member } from "./membership.ts";

/**
 * Where a node is in its life: `setting up` (the setup hooks run), `listening` (the first round,
 * which elects nobody), `voting`, `suspended` (after a lord hook failed), `dying` (the death hooks
 * run), `leaving` (the farewells go out), `gone`.
 */
export type Phase =
  | "setting up"
  | "listening"
  | "voting"
  | "suspended"
  | "dying"
  | "leaving"
  | "gone";

/** A legion as one of its nodes sees it, for the status. */
export interface LegionView {
  readonly uuid: string;
  readonly phase: Phase;
  readonly lordship: LordshipState;
  /** Since when this node is lord, in wall clock seconds; 0 when it is not. */
  readonly lordSince: number;
  readonly checksum: bigint;
  /** The node voted for. */
  readonly candidate?: Voter;
  /** 1 + the members when all agree, else 0. */
  readonly votes: number;
  /** Whom the legion has last agreed upon; undefined while there is no quorum. */
  readonly elected?: Voter;
  /** When the phase ends by itself, in monotonic milliseconds; Infinity when it does not. */
  readonly phaseEndsMs: number;
  readonly members: readonly Member[];
}
