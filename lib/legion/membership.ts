import type { Announcement } from "./announcement.ts";
import { digest } from "./election.ts";

/** A peer that has been heard, and what it said last. */
export interface Member {
  readonly valor: number;
  readonly name: string;
  readonly uuid: string;
  /** Its part of the checksum. */
  readonly digest: bigint;
  /** Its last announcement. */
  readonly said: Announcement;
  /** When that came, in monotonic milliseconds. */
  readonly heardMs: number;
  /** When that came, in wall clock milliseconds. */
  readonly heardWallMs: number;
  /** Where that came from, as `host:port`. */
  readonly from: string;
}

/**
 * The members of a legion, without oneself. A peer is known by its valor, name and uuid
 * (legion-protocol, "Life of a node").
 */
export class Membership {
  readonly #members = new Map<string, Member>();
  #digest = 0n;
  readonly #seqless = new Set<string>();

  get size(): number {
    return this.#members.size;
  }

  /** The members' parts of the checksum, added up. */
  get digest(): bigint {
    return this.#digest;
  }

  /** A member that counts no `seq`, as those of uWSGI; undefined: there is none. */
  get seqless(): Member | undefined {
    const [first] = this.#seqless;
    return first === undefined ? undefined : this.#members.get(first);
  }

  [Symbol.iterator](): IterableIterator<Member> {
    return this.#members.values();
  }

  has(announcement: Announcement): boolean {
    return this.#members.has(key(announcement));
  }

  /** Takes in what a member said, known before or not. */
  hear(said: Announcement, from: string, heardMs: number, heardWallMs: number): void {
    const { valor, name, uuid } = said;
    const id = key(said);
    const known = this.#members.get(id);
    const member = { valor, name, uuid, digest: known?.digest ?? digest(said) };
    if (known === undefined) this.#digest += member.digest;
    if (said.seq === 0) this.#seqless.add(id);
    else this.#seqless.delete(id);
    this.#members.set(id, { ...member, said, heardMs, heardWallMs, from });
  }

  /** Removes the sender of an announcement; returns it if it was a member. */
  remove(announcement: Announcement): Member | undefined {
    const id = key(announcement);
    const member = this.#members.get(id);
    if (member === undefined) return undefined;
    this.#members.delete(id);
    this.#seqless.delete(id);
    this.#digest -= member.digest;
    return member;
  }

  /** Removes and returns the members last heard at or before a monotonic time. */
  expire(untilMs: number): Member[] {
    const silent = [...this].filter(({ heardMs }) => heardMs <= untilMs);
    for (const { said } of silent) this.remove(said);
    return silent;
  }

  /** The earliest time at which a member was last heard; Infinity where there is none. */
  get quietestMs(): number {
    let quietest = Infinity;
    for (const { heardMs } of this) quietest = Math.min(quietest, heardMs);
    return quietest;
  }
}

// A name comes from outside and may hold anything, a uuid is always 36 characters: it goes first.
function key({ uuid, valor, name }: Announcement): string {
  return `${uuid} ${valor} ${name}`;
}
