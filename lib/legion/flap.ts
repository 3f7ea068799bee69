import type { FlapLimit } from "../base/flap_limit.ts";

/**
 * Counts how often a node loses the title by its own fault: a node that loses it again and again
 * should not take it, since every loss is an outage (LEASE.md, rule 11).
 */
export class Flap {
  /** The limit, which may be changed. */
  limit: FlapLimit;
  /** When the title was lost, monotonic, the latest first. */
  #lostMs: number[] = [];

  /**
   * Begins without a loss.
   *
   * @param limit how often the node may lose the title
   */
  constructor(limit: FlapLimit) {
    this.limit = limit;
  }

  /** Goes on with the losses that are known from before, the latest first (LEASE.md, rule 12). */
  remember(lostMs: readonly number[]): void {
    this.#lostMs = lostMs.slice(0, this.limit.count + 1);
  }

  /** When the title was lost, monotonic, the latest first. */
  get lostMs(): readonly number[] {
    return this.#lostMs;
  }

  /** Counts a loss of the title. */
  lost(nowMs: number): void {
    // Losses beyond one more than allowed change nothing.
    this.#lostMs = [nowMs, ...this.#lostMs].slice(0, this.limit.count + 1);
  }

  /** Forgets all losses. */
  forget(): void {
    this.#lostMs = [];
  }

  /** The time until which this node stands back, monotonic; -Infinity: it need not. */
  get untilMs(): number {
    const { count, withinMs } = this.limit;
    return (this.#lostMs[count] ?? -Infinity) + withinMs;
  }
}
