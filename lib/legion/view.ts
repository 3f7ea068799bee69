import type { Doubles } from "./configs_heard.ts";
import type { Voter } from "./election.ts";
import type { Guarantee } from "./guarantee.ts";
import type { Phase } from "./life.ts";
import type { LordshipState } from "./lordship.ts";
import type { Member } from "./membership.ts";
import type { Parts } from "./parts.ts";
import type { Reason } from "./reason.ts";

/** A legion as one of its nodes sees it, for the status. */
export interface LegionView {
  /** This node's uuid: 36 characters, one a byte. */
  readonly uuid: string;
  /** The valor with which this node votes now; 0 also while it stands back. */
  readonly valor: number;
  /** The phase of this node's life. */
  readonly phase: Phase;
  /** The reasons for which this node stands back (LEASE.md, rule 11); empty: it stands. */
  readonly reasons: readonly Reason[];
  /** The stage of this node's lordship. */
  readonly lordship: LordshipState;
  /**
   * Whether this node claims what its last process was, and waits until it may be lord again
   * (LEASE.md, rule 12).
   */
  readonly isResuming: boolean;
  /** Since when this node is lord, in wall clock seconds; 0: not lord. */
  readonly lordSince: number;
  /** The time until which this node is lord if nothing happens, monotonic; -Infinity: not lord. */
  readonly lordUntilMs: number;
  /** The checksum of this node's view (PROTOCOL.md, "Checksum"). */
  readonly checksum: bigint;
  /** The node voted for; undefined: no vote. */
  readonly candidate?: Voter;
  /**
   * The votes for the candidate: under the lease its supporters; else all nodes when all agree, or
   * 0.
   */
  readonly votes: number;
  /** How many nodes are present that can vote, this one counted in. */
  readonly present: number;
  /** The node that the legion has last agreed upon; undefined while there is no quorum. */
  readonly elected?: Voter;
  /** The guarantee that this node gives (LEASE.md, rule 10). */
  readonly guarantee: Guarantee;
  /** Whether the lease decides who is lord, and not uWSGI's rule (LEASE.md, rule 1). */
  readonly leased: boolean;
  /** The uuid of the node that this one supports (LEASE.md, rule 3). */
  readonly support?: string;
  /**
   * The time until which this node may be lord as far as it knows now, monotonic; -Infinity: too
   * few support it; Infinity: nobody needs to.
   */
  readonly endsMs: number;
  /** The time until which this node supports nobody after its start, monotonic. */
  readonly listensUntilMs: number;
  /** When the phase ends by itself, in monotonic milliseconds; Infinity: not by itself. */
  readonly phaseEndsMs: number;
  /** All other nodes that are heard. */
  readonly members: readonly Member[];
  /** The nodes for which more than one process speaks; none of these counts (LEASE.md, rule 2). */
  readonly rivals: readonly string[];
  /** The nodes that may be two processes which are parted (LEASE.md, rule 2). */
  readonly doubles: readonly Doubles[];
  /** How many senders are remembered, those who have left lately among them. */
  readonly sendersKnown: number;
}

/**
 * The legion as its parts have it now.
 *
 * @param lordUntilMs the time until which this node is lord, as {@link LegionView.lordUntilMs}
 */
export function viewOf(parts: Parts, lordUntilMs: number): LegionView {
  const { roll, outlook, ballot, lordship, identity, life } = parts;
  return {
    uuid: identity.self.uuid,
    valor: identity.self.valor,
    phase: life.phase,
    reasons: identity.reasons,
    lordship: lordship.state,
    isResuming: lordship.waits,
    lordSince: lordship.since,
    lordUntilMs,
    checksum: ballot.checksum,
    candidate: ballot.candidate,
    votes: ballot.votes,
    present: outlook.present,
    elected: ballot.elected,
    guarantee: outlook.guarantee,
    leased: outlook.leased,
    support: ballot.support?.uuid,
    endsMs: ballot.endsMs,
    listensUntilMs: ballot.listensUntilMs,
    phaseEndsMs: life.endsMs,
    members: [...roll.members],
    rivals: outlook.rivals,
    doubles: outlook.doubles,
    sendersKnown: roll.sendersKnown,
  };
}
