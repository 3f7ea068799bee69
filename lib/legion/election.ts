import type { Announcement } from "./announcement.ts";
import type { Member, Membership } from "./membership.ts";
import type { Voters } from "./voters.ts";

/** A node as the election sees it. */
export interface Voter {
  /** The node's rank; 0 is an arbiter. */
  readonly valor: number;
  /** The node's host name. */
  readonly name: string;
  /** The node's uuid: 36 characters, one a byte. */
  readonly uuid: string;
}

/**
 * A node's part of the checksum: its valor and the 36 bytes of its uuid, added up
 * (PROTOCOL.md, "Checksum").
 */
export function digest({ valor, uuid }: Pick<Voter, "valor" | "uuid">): bigint {
  let sum = 0;
  for (let i = 0; i < uuid.length; i++) sum += uuid.charCodeAt(i);
  return BigInt(valor) + BigInt(sum);
}

/** The checksum of a view of the legion: oneself and all members, as an unsigned 64-bit number. */
export function checksum(self: Voter, members: Pick<Membership, "digest">): bigint {
  return BigInt.asUintN(64, digest(self) + members.digest);
}

/**
 * The node to vote for: the highest (valor, uuid) among this node and the members, arbiters left
 * out (PROTOCOL.md, "Candidate"). Where all are arbiters: this node, with valor 0.
 */
export function candidate(self: Voter, members: Iterable<Voter>): Voter {
  return highest(members, self) ?? self;
}

/**
 * The node to vote for under the lease: the highest voter that stands and hears this node (LEASE.md,
 * rule 9). A node that does not stand shows it by its own vote: for none, or for a lower node.
 *
 * @param self undefined when this node does not stand
 * @param passes whether to pass a voter by that otherwise could be voted for
 */
export function standingCandidate(
  self: Voter | undefined,
  { members, hearsSelf }: Voters,
  passes: (member: Member) => boolean,
): Voter | Member | undefined {
  const standing = members.values().filter((member) =>
    !isOut(member.said) && hearsSelf(member.said) && !passes(member)
  );
  return highest(standing, self);
}

/** Whether a node shows by its own vote that it does not stand. */
function isOut(said: Announcement): boolean {
  return outranks(said, { valor: said.lordValor, uuid: said.lordUuid });
}

function highest(members: Iterable<Voter>, self?: Voter): Voter | undefined {
  let best = self;
  for (const member of members) {
    if (member.valor > 0 && (best === undefined || outranks(member, best))) best = member;
  }
  return best;
}

type Rank = Pick<Voter, "valor" | "uuid">;

/** Whether `a` is to be lord rather than `b`: the higher valor, else the higher uuid, byte by byte. */
export function outranks(a: Rank, b: Rank): boolean {
  return a.valor === b.valor ? a.uuid > b.uuid : a.valor > b.valor;
}

/** Whether a node's last announcement shows the same view and the same candidate. */
export function agrees(said: Announcement, view: bigint, choice: Voter): boolean {
  return said.lordUuid === choice.uuid && said.lordValor === choice.valor &&
    said.checksum === view;
}

/**
 * The votes for a candidate: this node and all members, when every member's last announcement has
 * this node's checksum and candidate; else 0 (PROTOCOL.md, "Votes").
 */
export function votes(view: bigint, choice: Voter, members: Iterable<Member>): number {
  let count = 1;
  for (const { said } of members) {
    if (!agrees(said, view, choice)) return 0;
    count++;
  }
  return count;
}
