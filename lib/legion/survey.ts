import { candidate, checksum, standingCandidate, type Voter } from "./election.ts";
import { type Guarantee, guaranteeOf } from "./guarantee.ts";
import type { Member, Membership } from "./membership.ts";
import type { LegionOptions } from "./options.ts";

/** The result of a look through all members; holds until one of them says something else. */
export interface Survey {
  /** The members' revision that was looked through. */
  readonly revision: number;
  /** The guarantee that these members allow (LEASE.md, rule 10). */
  readonly guarantee: Guarantee;
  /** Whether as many nodes are present as votes are needed. */
  readonly isQuorate: boolean;
  /** The checksum of this view (PROTOCOL.md, "Checksum"). */
  readonly checksum: bigint;
  /** The node that this one would have as lord; undefined: none. */
  readonly best?: Voter | Member;
}

/** Looks through all members. */
export function survey(
  self: Voter,
  members: Membership,
  options: Pick<LegionOptions, "lease" | "quorum" | "nodeCount">,
): Survey {
  const guarantee = guaranteeOf(options, members);
  const isQuorate = 1 + members.size >= options.quorum;
  const best = guarantee.kind === "lease"
    ? standingCandidate(isQuorate ? self : undefined, members)
    : candidate(self, members);
  const { revision } = members;
  return { revision, guarantee, isQuorate, checksum: checksum(self, members), best };
}
