import type { Announcement } from "./announcement.ts";
import { digest } from "./election.ts";

/** A peer that has been heard, with its last announcement; kept up to date while it is a member. */
export interface Member {
  /** The peer's rank; 0 is an arbiter. */
  readonly valor: number;
  /** The peer's host name. */
  readonly name: string;
  /** The peer's uuid: 36 characters, one a byte. */
  readonly uuid: string;
  /** The peer's part of the checksum (PROTOCOL.md, "Checksum"). */
  readonly digest: bigint;
  /** The peer's last announcement. */
  readonly said: Announcement;
  /** When the last announcement came, in monotonic milliseconds. */
  readonly heardMs: number;
  /** When the last announcement came, in wall clock milliseconds. */
  readonly heardWallMs: number;
  /** The source address of the last announcement, as `host:port`. */
  readonly from: string;
  /**
   * Since when the peer has the title, in its wall clock's seconds; 0: it has not. A lord whose
   * process was started again keeps the title while it claims it again (LEASE.md, rule 12).
   */
  readonly lordSince: number;
  /** When the process was first heard, under any uuid, in monotonic milliseconds. */
  readonly joinedMs: number;
}

/**
 * The members of a legion, without this node. A peer is known by its valor, name and uuid
 * (PROTOCOL.md, "Life of a node").
 */
export class Membership {
  readonly #members = new Map<string, Mutable<Member>>();
  readonly #byUuid = new Map<string, Member>();
  #digest = 0n;
  #revision = 0;
  #quietestMs = Infinity;
  readonly #seqless = new Set<string>();

  /** The number of members. */
  get size(): number {
    return this.#members.size;
  }

  /**
   * A number that changes whenever a member comes, goes, or says something else than before (times
   * and counts aside): conclusions from the members hold until then.
   */
  get revision(): number {
    return this.#revision;
  }

  /** The members' parts of the checksum, added up. */
  get digest(): bigint {
    return this.#digest;
  }

  /** A member that counts no `seq`, as uWSGI's do not; undefined: none. */
  get seqless(): Member | undefined {
    const [first] = this.#seqless;
    return first === undefined ? undefined : this.#members.get(first);
  }

  /** The members, each once. */
  [Symbol.iterator](): IterableIterator<Member> {
    return this.#members.values();
  }

  /** Whether the sender of an announcement is a member. */
  has(announcement: Announcement): boolean {
    return this.#members.has(key(announcement));
  }

  /**
   * Takes in what a member said; true: the member is new.
   *
   * @param from its source address, `host:port`
   * @param at when it came, and when the process that sent it was first heard, monotonic
   */
  hear(
    said: Announcement,
    from: string,
    at: { readonly monotonicMs: number; readonly wallMs: number; readonly joinedMs?: number },
  ): boolean {
    const id = key(said);
    const known = this.#members.get(id);
    const { monotonicMs: heardMs, wallMs: heardWallMs, joinedMs = heardMs } = at;
    const lordSince = said.lord > 0 || !said.claim ? said.lord : known?.lordSince ?? 0;
    const heard = { said, heardMs, heardWallMs, from, lordSince };
    if (known === undefined) this.#add(id, { ...newcomer(said), ...heard, joinedMs });
    else this.#update(id, known, heard);
    return known === undefined;
  }

  /** Removes the sender of an announcement, and returns it if it was a member. */
  remove(announcement: Announcement): Member | undefined {
    const id = key(announcement);
    const member = this.#members.get(id);
    if (member === undefined) return undefined;
    this.#members.delete(id);
    if (this.#byUuid.get(member.uuid) === member) this.#byUuid.delete(member.uuid);
    this.#seqless.delete(id);
    this.#digest -= member.digest;
    this.#revision++;
    return member;
  }

  /** The member of that uuid, if there is one. */
  withUuid(uuid: string): Member | undefined {
    return this.#byUuid.get(uuid);
  }

  /** Removes and returns the members that have been silent for the tolerance or longer. */
  expire(nowMs: number, toleranceMs: number): Member[] {
    // The sum is compared, as by the caller who sets a timer: a difference might be rounded
    // otherwise.
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
   * A time before which no member was last heard, monotonic; Infinity: no members. Worked out when
   * members expire, so that hearing one stays cheap; so it may be earlier than need be.
   */
  get quietestMs(): number {
    return this.size === 0 ? Infinity : this.#quietestMs;
  }

  #add(id: string, member: Member): void {
    this.#members.set(id, member);
    this.#byUuid.set(member.uuid, member);
    if (member.said.seq === 0) this.#seqless.add(id);
    this.#digest += member.digest;
    this.#quietestMs = Math.min(this.#quietestMs, member.heardMs);
    this.#revision++;
  }

  #update(
    id: string,
    member: Mutable<Member>,
    { said, heardMs, heardWallMs, from, lordSince }: Heard,
  ): void {
    if (isNews(said, member.said) || from !== member.from) this.#revision++;
    if (said.seq === 0) this.#seqless.add(id);
    else this.#seqless.delete(id);
    member.said = said;
    member.heardMs = heardMs;
    member.heardWallMs = heardWallMs;
    member.from = from;
    member.lordSince = lordSince;
  }
}

/** The parts of a member that each announcement may change. */
type Heard = Pick<Member, "said" | "heardMs" | "heardWallMs" | "from" | "lordSince">;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function newcomer(said: Announcement): Pick<Member, "valor" | "name" | "uuid" | "digest"> {
  const { valor, name, uuid } = said;
  return { valor, name, uuid, digest: digest(said) };
}

function isNews(said: Announcement, before: Announcement): boolean {
  return said.checksum !== before.checksum || said.lordUuid !== before.lordUuid ||
    said.lordValor !== before.lordValor || said.lord !== before.lord ||
    said.claim !== before.claim || said.support?.uuid !== before.support?.uuid ||
    (said.seq === 0) !== (before.seq === 0) || said.node !== before.node ||
    said.config !== before.config || said.hears !== before.hears ||
    said.binds !== before.binds;
}

// The uuid, always 36 characters, goes first: a name comes from outside and may hold anything.
function key({ uuid, valor, name }: Announcement): string {
  return `${uuid} ${valor} ${name}`;
}
