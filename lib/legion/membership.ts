import type { Announcement } from "./announcement.ts";
import { digest } from "./election.ts";

/** A peer that has been heard, and what it said last; kept up to date while it is a member. */
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
 * (PROTOCOL.md, "Life of a node").
 */
export class Membership {
  readonly #members = new Map<string, Mutable<Member>>();
  #digest = 0n;
  #revision = 0;
  #quietestMs = Infinity;
  readonly #seqless = new Set<string>();

  get size(): number {
    return this.#members.size;
  }

  /**
   * Another number whenever a member has come or gone, or says something else than before, but for
   * when and how often: what is made of the members has to be made anew only then.
   */
  get revision(): number {
    return this.#revision;
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

  /** Takes in what a member said; whether it was not known before. */
  hear(said: Announcement, from: string, heardMs: number, heardWallMs: number): boolean {
    const id = key(said);
    const known = this.#members.get(id);
    if (known === undefined) this.#add(id, { ...newcomer(said), said, heardMs, heardWallMs, from });
    else this.#update(id, known, { said, heardMs, heardWallMs, from });
    return known === undefined;
  }

  /** Removes the sender of an announcement; returns it if it was a member. */
  remove(announcement: Announcement): Member | undefined {
    const id = key(announcement);
    const member = this.#members.get(id);
    if (member === undefined) return undefined;
    this.#members.delete(id);
    this.#seqless.delete(id);
    this.#digest -= member.digest;
    this.#revision++;
    return member;
  }

  /** Removes and returns the members that have been silent for as long as is tolerated. */
  expire(nowMs: number, toleranceMs: number): Member[] {
    // Added, not subtracted, as for whoever asks when that will be: the two may round differently.
    if (nowMs < this.#quietestMs + toleranceMs) return [];
    const silent: Member[] = [];
    this.#quietestMs = Infinity;
    for (const member of this) {
      if (member.heardMs + toleranceMs <= nowMs) silent.push(member);
      else this.#quietestMs = Math.min(this.#quietestMs, member.heardMs);
    }
    for (const { said } of silent) this.remove(said);
    return silent;
  }

  /**
   * No member was last heard before that time; Infinity where there is none. It is found out when
   * members expire, and not each time that one is heard.
   */
  get quietestMs(): number {
    return this.size === 0 ? Infinity : this.#quietestMs;
  }

  #add(id: string, member: Member): void {
    this.#members.set(id, member);
    if (member.said.seq === 0) this.#seqless.add(id);
    this.#digest += member.digest;
    this.#quietestMs = Math.min(this.#quietestMs, member.heardMs);
    this.#revision++;
  }

  #update(
    id: string,
    member: Mutable<Member>,
    { said, heardMs, heardWallMs, from }: Pick<Member, "said" | "heardMs" | "heardWallMs" | "from">,
  ): void {
    if (isNews(said, member.said) || from !== member.from) this.#revision++;
    if (said.seq === 0) this.#seqless.add(id);
    else this.#seqless.delete(id);
    member.said = said;
    member.heardMs = heardMs;
    member.heardWallMs = heardWallMs;
    member.from = from;
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function newcomer(said: Announcement): Pick<Member, "valor" | "name" | "uuid" | "digest"> {
  const { valor, name, uuid } = said;
  return { valor, name, uuid, digest: digest(said) };
}

function isNews(said: Announcement, before: Announcement): boolean {
  return said.checksum !== before.checksum || said.lordUuid !== before.lordUuid ||
    said.lordValor !== before.lordValor || said.lord !== before.lord ||
    said.claim !== before.claim || said.support?.uuid !== before.support?.uuid ||
    (said.seq === 0) !== (before.seq === 0);
}

// A name comes from outside and may hold anything, a uuid is always 36 characters: it goes first.
function key({ uuid, valor, name }: Announcement): string {
  return `${uuid} ${valor} ${name}`;
}
