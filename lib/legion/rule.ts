import type { Voter } from "./election.ts";
import type { Member, Membership } from "./membership.ts";

/** The legion as a node sees it at one moment, for a decision on who is lord. */
export interface Situation {
  readonly self: Voter;
  readonly members: Membership;
  readonly checksum: bigint;
  /** Whom this node would have as lord. */
  readonly best?: Voter | Member;
  /** Monotonic. */
  readonly nowMs: number;
}

/** A rule by which the lord is elected. */
export interface Rule {
  /** Why this node may not go on being lord, or taking over; undefined: it may. */
  mustRelease(situation: Situation): string | undefined;
  /** Whom the legion has agreed upon; undefined: on nobody, or nobody new. */
  elected(situation: Situation): Voter | undefined;
  /** The votes for this node's candidate. */
  votes(situation: Situation): number;
  /** When this node may no longer be lord unless it is confirmed, monotonic; Infinity: never. */
  readonly endsMs: number;
}
