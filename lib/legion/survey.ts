import { candidate, checksum, standingCandidate, type Voter } from "./election.ts";
import { type Guarantee, guaranteeOf } from "./guarantee.ts";
import type { Member, Membership } from "./membership.ts";
import type { LegionOptions } from "./options.ts";

/** What a node makes of what all members said last: it holds until one of them says something else. */
export interface Survey {
  /** Of the members that were looked through. */
  readonly revision: number;
  readonly guarantee: Guarantee;
  /** As many are present as there are votes needed. */
  readonly isQuorate: boolean;
  readonly checksum: bigint;
  /** Whom the node would have as lord. */
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
