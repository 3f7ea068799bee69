import type { Voter } from "./election.ts";
import type { Loss } from "./loss.ts";
import type { Member, Membership } from "./membership.ts";
import type { Voters } from "./voters.ts";

/** The legion as a node sees it at one moment, for a decision on who is lord. */
export interface Situation {
  /** This node. */
  readonly self: Voter;
  /** All other nodes that are heard. */
  readonly members: Membership;
  /** The listed nodes among them. */
  readonly voters: Voters;
  /** The checksum of this node's view (PROTOCOL.md, "Checksum"). */
  readonly checksum: bigint;
  /** The node that this one would have as lord; undefined: none. */
  readonly best?: Voter | Member;
  /** A lord of another list or quorum that outranks this node (LEASE.md, rule 2); undefined: none. */
  readonly stranger?: Member;
  /** The present moment, monotonic, in milliseconds. */
  readonly nowMs: number;
}

/** A rule by which the lord is elected. */
export interface Rule {
  /** The reason why this node may not go on being lord, or taking over; undefined: it may. */
  mustRelease(situation: Situation): Loss | undefined;
  /** The node that the legion has agreed upon; undefined: none, or none new. */
  elected(situation: Situation): Voter | undefined;
  /** The votes for this node's candidate. */
  votes(situation: Situation): number;
  /** When this node may no longer be lord unless confirmed, monotonic; Infinity: never. */
  readonly endsMs: number;
}
