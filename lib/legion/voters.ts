import type { Announcement } from "./announcement.ts";
import { configMark } from "./config_mark.ts";
import type { Member, Membership } from "./membership.ts";
import type { LegionOptions } from "./options.ts";

// The longest list of which a node tells whom it hears (LEASE.md, "On the wire").
const maxTold = 64;

/** Two or more members that say they are the same node. */
export interface Rivals {
  /** The node, `host:port`. */
  readonly node: string;
  /** The names of the members, and of this node if it is the node in question. */
  readonly names: readonly string[];
}

/**
 * The listed nodes as this node hears them: a voter is known by its `node`, whatever its uuid, name
 * or source address (LEASE.md, rule 2).
 */
export interface Voters {
  /** The voters heard, by node, this one left out: those for which exactly one uuid speaks. */
  readonly members: ReadonlyMap<string, Member>;
  /** The nodes for which more than one uuid speaks; none of these counts. */
  readonly rivals: readonly Rivals[];
  /** Whether this node is a voter: its own entry is known, and nobody else claims it. */
  readonly countsSelf: boolean;
  /** Whether there are other listed nodes, all of them are heard, and this one is among them. */
  readonly isComplete: boolean;
  /** How many voters are present, this node counted in. */
  readonly present: number;
  /** The voters heard, as this node announces them; undefined: the list is too long. */
  readonly hears?: bigint;
  /** Whether a voter says that it hears this node; one that does not tell whom it hears does. */
  readonly hearsSelf: (said: Announcement) => boolean;
  /** Whether this node and so many others that it takes for a lord hear one another (rule 9). */
  readonly standsSelf: boolean;
}

/** The settings that say who is a voter. */
export type VoterOptions = Pick<LegionOptions, "voters" | "node" | "name" | "quorum">;

/** Looks for the voters among the members. */
export function votersAmong(members: Membership, options: VoterOptions): Voters {
  const { voters, node, name, quorum } = options;
  const config = configMark(voters, quorum);
  const spoken = new Map(voters.map((voter) => [voter, [] as Member[]]));
  for (const member of members) {
    if (member.said.seq > 0) spoken.get(member.said.node)?.push(member);
  }
  const own = voters.indexOf(node ?? "");
  const ownBit = own < 0 ? 0n : 1n << BigInt(own);
  let hears = ownBit;
  const heard = new Map<string, Member>();
  const rivals: Rivals[] = [];
  for (const [index, voter] of voters.entries()) {
    const speakers = spoken.get(voter)!;
    const names = [...index === own ? [name] : [], ...speakers.map((member) => member.name)];
    if (speakers.length > 0 && voters.length <= maxTold) hears |= 1n << BigInt(index);
    if (names.length > 1) rivals.push({ node: voter, names });
    else if (speakers.length === 1) heard.set(voter, speakers[0]);
  }
  const hearsSelf = (said: Announcement) =>
    said.hears === undefined || said.config !== config || (said.hears & ownBit) > 0n;
  const countsSelf = own >= 0 && rivals.every((rival) => rival.node !== node);
  const hearing = [...heard.values()].filter(({ said }) => hearsSelf(said)).length;
  return {
    members: heard,
    rivals,
    countsSelf,
    isComplete: countsSelf && heard.size > 0 && heard.size + 1 === voters.length,
    present: heard.size + (countsSelf ? 1 : 0),
    hears: voters.length <= maxTold ? hears : undefined,
    hearsSelf,
    standsSelf: countsSelf && 1 + hearing >= quorum,
  };
}
