import type { Announcement } from "./announcement.ts";
import { drift } from "./promise.ts";

// A supporter echoes the newest announcement: these many are more than any echo is late.
const maxSent = 1000;

/** A list of voters with its quorum, which a lord has to meet. */
export interface Electorate {
  /** The listed nodes, `host:port`. */
  readonly voters: ReadonlySet<string>;
  /** Supporters needed, this node counted in. */
  readonly quorum: number;
}

/** The newest support of one voter. */
interface Supporter {
  readonly node: string;
  readonly uuid: string;
  /** How long the support binds, in milliseconds. */
  readonly bindsMs: number;
  /** The time until which the support can be relied upon, monotonic. */
  readonly untilMs: number;
}

/**
 * The support this node has, and until when it may therefore be lord (LEASE.md, rule 5). Support
 * counts only while this node supports itself.
 */
export class Lease {
  /** The announcements sent since this node supports itself, the oldest first. */
  #sent: { readonly seq: number; readonly atMs: number }[] = [];
  readonly #supporters = new Map<string, Supporter>();
  /** The same supporters, the support that lasts longest first. */
  #longest: Supporter[] = [];
  #shortestMs?: number;

  /** Begins when this node begins to support itself: echoes of earlier announcements are void. */
  begin(): void {
    this.#sent = [];
    this.#supporters.clear();
    this.#longest = [];
    this.#shortestMs = undefined;
  }

  /** Notes that this node has announced itself with this `seq`. */
  sent(seq: number, nowMs: number): void {
    this.#sent.push({ seq, atMs: nowMs });
    if (this.#sent.length > maxSent) this.#sent.shift();
  }

  /** Takes in what a voter said: that it supports this node, or that it does not. */
  hear({ node, uuid, support, binds }: Announcement, ownUuid: string): void {
    if (support?.uuid !== ownUuid) return this.left(node);
    const sent = this.#sent.findLast(({ seq }) => seq === support.seq);
    if (sent === undefined) return;
    const before = this.#supporters.get(node);
    const untilMs = sent.atMs + binds * (1 - drift);
    // A promise once given is never shortened, whatever its giver has been reloaded with.
    const longerMs = before?.uuid === uuid ? Math.max(before.untilMs, untilMs) : untilMs;
    this.#put({ node, uuid, bindsMs: binds, untilMs: longerMs }, before);
  }

  /** Forgets the support of a voter that does not count, or supports another. */
  left(node: string): void {
    const supporter = this.#supporters.get(node);
    if (supporter === undefined) return;
    this.#supporters.delete(node);
    this.#longest.splice(this.#longest.indexOf(supporter), 1);
    this.#shortestMs = undefined;
  }

  /**
   * Forgets the support of all that no longer count. A voter that is silent, or has taken leave, is
   * bound by its promise all the same.
   *
   * @param counts whether what is said for a node counts
   */
  keepOnly(counts: (node: string) => boolean): void {
    for (const { node } of [...this.#longest]) if (!counts(node)) this.left(node);
  }

  /** The shortest time that a supporter's promise binds, in milliseconds; Infinity: none supports. */
  get shortestMs(): number {
    return this.#shortestMs ??= Math.min(Infinity, ...this.#longest.map(({ bindsMs }) => bindsMs));
  }

  /**
   * When the lease ends, monotonic; Infinity: no other node's support is needed; -Infinity: too few
   * support this node.
   *
   * @param electorate the list of voters, with its quorum; it holds all that {@link Lease.keepOnly}
   * keeps but those of the former ones
   * @param formers other lists, each with its quorum, that have to be met, too
   */
  endsMs(electorate: Electorate, formers: readonly Electorate[]): number {
    if (formers.length > 0) {
      return Math.min(...[electorate, ...formers].map((each) => this.#endsBy(each)));
    }
    // Everybody is of the list, so that nobody has to be looked for in it.
    const others = electorate.quorum - 1;
    return others <= 0 ? Infinity : this.#longest[others - 1]?.untilMs ?? -Infinity;
  }

  #endsBy({ voters, quorum }: Electorate): number {
    // This node's support of itself always lasts from the present moment.
    let others = quorum - 1;
    if (others <= 0) return Infinity;
    for (const { node, untilMs } of this.#longest) {
      if (voters.has(node) && --others === 0) return untilMs;
    }
    return -Infinity;
  }

  #put(supporter: Supporter, before: Supporter | undefined): void {
    // The support that is renewed is mostly one of the oldest.
    if (before !== undefined) this.#longest.splice(this.#longest.lastIndexOf(before), 1);
    if (before?.bindsMs !== supporter.bindsMs) this.#shortestMs = undefined;
    const at = this.#longest.findIndex(({ untilMs }) => untilMs <= supporter.untilMs);
    this.#longest.splice(at < 0 ? this.#longest.length : at, 0, supporter);
    this.#supporters.set(supporter.node, supporter);
  }
}
