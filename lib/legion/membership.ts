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

  get size(): number {
    return this.#members.size;
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
    const known = this.#members.get(key(said));
    this.#members.set(key(said), {
      valor,
      name,
      uuid,
      digest: known?.digest ?? digest(said),
      said,
      heardMs,
      heardWallMs,
      from,
    });
  }

  /** Removes the sender of an announcement; returns it if it was a member. */
  remove(announcement: Announcement): Member | undefined {
    const member = this.#members.get(key(announcement));
    this.#members.delete(key(announcement));
    return member;
  }

  /** Removes and returns the members last heard at or before a monotonic time. */
  expire(untilMs: number): Member[] {
    const silent = [...this].filter(({ heardMs }) => heardMs <= untilMs);
    for (const { said } of silent) this.#members.delete(key(said));
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
