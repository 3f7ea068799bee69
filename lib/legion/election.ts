import type { Member } from "./membership.ts";

/** A node as the election sees it. */
export interface Voter {
  readonly valor: number;
  readonly name: string;
  /** 36 characters, one a byte. */
  readonly uuid: string;
}

/**
 * A node's part of the checksum: its valor and the 36 bytes of its uuid, added up
 * (legion-protocol, "Checksum").
 */
export function digest({ valor, uuid }: Pick<Voter, "valor" | "uuid">): bigint {
  let sum = BigInt(valor);
  for (let i = 0; i < uuid.length; i++) sum += BigInt(uuid.charCodeAt(i));
  return sum;
}

/** The checksum of a view of the legion: oneself and all members, as an unsigned 64-bit number. */
export function checksum(self: Voter, members: Iterable<Member>): bigint {
  let sum = digest(self);
  for (const member of members) sum += member.digest;
  return BigInt.asUintN(64, sum);
}

/**
 * Whom to vote for: the highest (valor, uuid) among oneself and the members, arbiters left out
 * (legion-protocol, "Candidate"). Where all are arbiters it is oneself, with valor 0.
 */
export function candidate(self: Voter, members: Iterable<Voter>): Voter {
  let best = self;
  for (const member of members) {
    if (member.valor > 0 && outranks(member, best)) best = member;
  }
  return best;
}

/** Whether `a` is to be lord rather than `b`: the higher valor, else the higher uuid, byte by byte. */
function outranks(a: Voter, b: Voter): boolean {
  return a.valor === b.valor ? a.uuid > b.uuid : a.valor > b.valor;
}

/**
 * The votes for a candidate: oneself and all members, when the last announcement of every one has
 * the same checksum and candidate as oneself; else 0 (legion-protocol, "Votes").
 */
export function votes(view: bigint, choice: Voter, members: Iterable<Member>): number {
  let count = 1;
  for (const { said } of members) {
    const agrees = said.checksum === view && said.lordValor === choice.valor &&
      said.lordUuid === choice.uuid;
    if (!agrees) return 0;
    count++;
  }
  return count;
}
