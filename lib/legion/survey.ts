import { candidate, checksum, outranks, standingCandidate, type Voter } from "./election.ts";
import type { Member, Membership } from "./membership.ts";
import type { LegionOptions } from "./options.ts";
import { isLeased } from "./leased.ts";
import { type Voters, votersAmong } from "./voters.ts";
import { configMark } from "./config_mark.ts";

/** The result of a look through all members; holds until one of them says something else. */
export interface Survey {
  /** The members' revision that was looked through. */
  readonly revision: number;
  /** When another look may find something else by itself, monotonic; Infinity: never. */
  readonly untilMs: number;
  /** Whether the lease decides, and not uWSGI's rule (LEASE.md, rule 1). */
  readonly leased: boolean;
  /** The listed nodes among the members. */
  readonly voters: Voters;
  /** How many nodes are present that can vote, this one counted in. */
  readonly present: number;
  /** The checksum of this view (PROTOCOL.md, "Checksum"). */
  readonly checksum: bigint;
  /** The node that this one would have as lord; undefined: none. */
  readonly best?: Voter | Member;
  /** Whether any lord has been heard since this node began. */
  readonly lordHeard: boolean;
  /** The highest of those that vote and say they are lord, or taking over; undefined: none. */
  readonly lord?: Member;
  /** A lord of another list or quorum that outranks this node (LEASE.md, rule 2); undefined: none. */
  readonly stranger?: Member;
  /** The source addresses of members that no entry of the list reaches, `host:port`. */
  readonly unlisted: readonly string[];
}

/** The facts beside the members that a look rests on. */
export interface SurveyFacts {
  /** This node. */
  readonly self: Voter;
  /** All other nodes that are heard. */
  readonly members: Membership;
  /** The options of the legion. */
  readonly options: LegionOptions;
  /** Whether any lord had been heard before. */
  readonly lordHeard: boolean;
  /** The nodes that may be two processes, so that their address may not reach both. */
  readonly doubled: readonly string[];
  /** The present moment, monotonic, in milliseconds. */
  readonly nowMs: number;
}

/** Looks through all members. */
export function survey({ self, members, options, nowMs, ...before }: SurveyFacts): Survey {
  const voters = votersAmong(members, options);
  const leased = isLeased(options, members);
  const config = configMark(options.voters, options.quorum);
  const lordHeard = before.lordHeard || [...members].some(({ said }) => said.lord > 0);
  const isOther = ({ said }: Member) => said.seq > 0 && said.config !== config;
  const stranger = lordAmong([...members].filter((one) => isOther(one) && outranks(one, self)));
  // A node that still listens cannot take over yet. There is no waiting for such a node once there
  // was a lord, nor for ever (LEASE.md, rule 9).
  const patienceMs = lordHeard ? -Infinity : 2 * options.toleranceMs;
  const passes = ({ said, joinedMs }: Member) =>
    said.support === undefined && nowMs >= joinedMs + patienceMs;
  const best = leased
    ? standingCandidate(voters.standsSelf ? self : undefined, voters, passes)
    : candidate(self, members);
  const listed = new Set(options.voters);
  const doubled = new Set([...before.doubled, ...voters.rivals.map(({ node }) => node)]);
  const isReached = ({ said: { node }, from }: Member) =>
    listed.has(from) || (listed.has(node) && !doubled.has(node));
  const unreached = listed.size === 0 ? [] : [...members].filter((member) => !isReached(member));
  return {
    revision: members.revision,
    untilMs: nextPass(voters, nowMs, patienceMs),
    leased,
    voters,
    present: leased ? voters.present : 1 + members.size,
    checksum: checksum(self, members),
    best,
    lordHeard,
    lord: lordAmong(leased ? voters.members.values() : members),
    stranger,
    unlisted: [...new Set(unreached.map(({ from }) => from))],
  };
}

/** When a voter that still listens is passed by next, monotonic. */
function nextPass({ members }: Voters, nowMs: number, patienceMs: number): number {
  let nextMs = Infinity;
  for (const { said, joinedMs } of members.values()) {
    const atMs = joinedMs + patienceMs;
    if (said.support === undefined && atMs > nowMs) nextMs = Math.min(nextMs, atMs);
  }
  return nextMs;
}

function lordAmong(members: Iterable<Member>): Member | undefined {
  let lord: Member | undefined;
  for (const member of members) {
    const { lord: since, claim } = member.said;
    if (since === 0 && !claim) continue;
    if (lord === undefined || outranks(member, lord)) lord = member;
  }
  return lord;
}
