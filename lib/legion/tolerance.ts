import { drift } from "./support.ts";

/** The time after a change within which all nodes of the legion are to have the new tolerance. */
export const rolloutMs = 600_000;

/** A tolerance that other nodes may still go by. */
interface Former {
  readonly ms: number;
  /** The time until which other nodes may still go by this tolerance, monotonic. */
  readonly untilMs: number;
}

/**
 * The tolerance of a legion, which may change while it runs. Two lords are kept apart by a
 * supporter's promise that lasts longer than the lease that rests on it (LEASE.md, rules 4 and 5).
 * No two nodes change at one instant: until all have changed, a node promises for the longest
 * tolerance that any may go by, and claims for the shortest.
 */
export class Tolerance {
  #ms: number;
  #former: readonly Former[] = [];

  /**
   * Begins with one tolerance.
   *
   * @param ms the tolerance, in milliseconds
   */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /** How long a promise binds, and after how long a silent node is dropped, in milliseconds. */
  get longestMs(): number {
    return Math.max(this.#ms, ...this.#former.map(({ ms }) => ms));
  }

  /** How long a lease lasts at most, in milliseconds. */
  get shortestMs(): number {
    return Math.min(this.#ms, ...this.#former.map(({ ms }) => ms));
  }

  /** When one of the two lengths changes by itself next, monotonic; Infinity: never. */
  get dueMs(): number {
    return Math.min(Infinity, ...this.#former.map(({ untilMs }) => untilMs));
  }

  /** Changes the tolerance; false: it is the same. */
  change(ms: number, nowMs: number): boolean {
    if (ms === this.#ms) return false;
    const longestMs = Math.max(this.longestMs, ms);
    const untilMs = nowMs + Math.max(rolloutMs, longestMs * (1 + drift));
    this.#former = [...this.#former, { ms: this.#ms, untilMs }];
    this.#ms = ms;
    return true;
  }

  /** Forgets tolerances that no node goes by any more. */
  settle(nowMs: number): void {
    this.#former = this.#former.filter(({ untilMs }) => nowMs < untilMs);
  }

  /** A sentence about the promises and leases until all nodes have the new tolerance. */
  describe(nowMs: number): string {
    const lastMs = Math.max(nowMs, ...this.#former.map(({ untilMs }) => untilMs));
    return `tolerance ${this.#ms / 1000} s: for the ${Math.ceil((lastMs - nowMs) / 1000)} s in ` +
      `which all nodes are to have it, promises last ${this.longestMs / 1000} s and leases are ` +
      `for ${this.shortestMs / 1000} s`;
  }
}
