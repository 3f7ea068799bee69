import type { Announcement, Echo } from "./announcement.ts";

/** How far apart two clocks may run in a tolerance (LEASE.md, "Rules"). */
export const drift = 0.05;

/** Whom this node might support: a node, and its newest announcement that was heard. */
export interface Supportable extends Echo {
  /** When that came, monotonic. */
  readonly heardMs: number;
}

/**
 * Whom this node supports: a promise to one node at a time, not to support another for as long as
 * that one may hold a lease on it (LEASE.md, rules 3 and 4).
 */
export class Support {
  /** How long a promise binds that is not renewed. */
  #toleranceMs: number;
  /** Until then nobody is supported. */
  #listensUntilMs = Infinity;
  #to?: Supportable;

  constructor(toleranceMs: number) {
    this.#toleranceMs = toleranceMs;
  }

  /** From now on a promise binds for so long, also the one that was given before. */
  reconfigure(toleranceMs: number): void {
    this.#toleranceMs = toleranceMs;
  }

  /** Begins after a start: a promise of before may still hold (LEASE.md, rule 12). */
  listen(nowMs: number): void {
    this.#listensUntilMs = nowMs + this.#toleranceMs * (1 + drift);
  }

  /** There is nobody else who could have been promised anything. */
  begin(nowMs: number): void {
    this.#listensUntilMs = nowMs;
  }

  /** When the first may be supported, monotonic. */
  get listensUntilMs(): number {
    return this.#listensUntilMs;
  }

  /** Who is supported, and its newest `seq`; undefined: nobody. */
  get to(): Echo | undefined {
    return this.#to;
  }

  /** When the promise runs out unless it is renewed, monotonic; Infinity: there is none. */
  get endsMs(): number {
    return this.#to === undefined ? Infinity : this.#to.heardMs + this.#toleranceMs;
  }

  /**
   * Renews the promise by what its holder said, or is freed of it (LEASE.md, rules 3 and 4).
   *
   * @param candidateUuid whom this node would choose
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

  /** Supports nobody: this node supported itself, and has nothing left to hold on to. */
  drop(): void {
    this.#to = undefined;
  }
}
