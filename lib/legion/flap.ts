import type { FlapLimit } from "../base/flap_limit.ts";

/**
 * Keeps a node that loses the title again and again from taking it: every loss is an outage. Only
 * losses by the node's own fault count; making way for a better node is none.
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

  /** Counts a loss of the title. */
  lost(nowMs: number): void {
    // Losses beyond one more than allowed change nothing.
    this.#lostMs = [nowMs, ...this.#lostMs].slice(0, this.limit.count + 1);
  }

  /** The time until which this node stays out, monotonic; -Infinity: it need not. */
  get untilMs(): number {
    const { count, withinMs } = this.limit;
    return (this.#lostMs[count] ?? -Infinity) + withinMs;
  }
}
