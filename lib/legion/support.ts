import type { Announcement, Echo } from "./announcement.ts";

/** How far apart two clocks may run in a tolerance (LEASE.md, "Rules"). */
export const drift = 0.05;

/** A node that may be supported, and the newest announcement heard from it. */
export interface Supportable extends Echo {
  /** When that announcement came, monotonic. */
  readonly heardMs: number;
}

/**
 * The promise this node gives: to one node at a time, not to support another for as long as that
 * node may hold a lease on it (LEASE.md, rules 3 and 4).
 */
export class Support {
  /** How long a promise binds that is not renewed. */
  #toleranceMs: number;
  /** The time until which nobody is supported. */
  #listensUntilMs = Infinity;
  #to?: Supportable;

  /**
   * Supports nobody before {@link Support.listen} or {@link Support.begin}.
   *
   * @param toleranceMs how long a promise binds, in milliseconds
   */
  constructor(toleranceMs: number) {
    this.#toleranceMs = toleranceMs;
  }

  /** Makes promises bind for so long from now on, an earlier one included. */
  reconfigure(toleranceMs: number): void {
    this.#toleranceMs = toleranceMs;
  }

  /**
   * Begins after a start by supporting nobody for a time: an earlier promise of this node may still
   * hold (LEASE.md, rule 12).
   */
  listen(nowMs: number): void {
    this.#listensUntilMs = nowMs + this.#toleranceMs * (1 + drift);
  }

  /** Begins at once, where no other node can have been promised anything. */
  begin(nowMs: number): void {
    this.#listensUntilMs = nowMs;
  }

  /** When the first node may be supported, monotonic. */
  get listensUntilMs(): number {
    return this.#listensUntilMs;
  }

  /** The supported node and its newest `seq`; undefined: none. */
  get to(): Echo | undefined {
    return this.#to;
  }

  /** When the promise runs out unless renewed, monotonic; Infinity: there is none. */
  get endsMs(): number {
    return this.#to === undefined ? Infinity : this.#to.heardMs + this.#toleranceMs;
  }

  /**
   * Renews or ends the promise, by what its holder said (LEASE.md, rules 3 and 4).
   *
   * @param candidateUuid the node that this one would choose
   */
  hear(said: Announcement, candidateUuid: string | undefined, nowMs: number): void {
    const { uuid, seq, dead, support } = said;
    if (uuid !== this.#to?.uuid) return;
    const claims = said.claim || said.lord > 0;
    const supportsItself = support?.uuid === uuid;
    if (dead || (!claims && !supportsItself)) this.#to = undefined;
    else if (supportsItself && (claims || uuid === candidateUuid)) {
      this.#to = { uuid, seq, heardMs: nowMs };
    }
  }

  /** Supports a node, unless another holds the promise (LEASE.md, rule 3). */
  choose(candidate: Supportable | undefined, nowMs: number): void {
    if (nowMs < this.#listensUntilMs) return;
    if (nowMs >= this.endsMs) this.#to = undefined;
    this.#to ??= candidate;
  }

  /** Ends the support of this node for itself, when nothing is left to hold on to. */
  drop(): void {
    this.#to = undefined;
  }
}
