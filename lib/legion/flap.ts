/** How often a node may lose the title before it stays out. */
export interface FlapLimit {
  readonly count: number;
  readonly withinMs: number;
}

/**
 * Keeps a node that loses the title again and again from taking it: every time is an outage. Only
 * what it lost by its own fault counts; to make way for a better one is none.
 */
export class Flap {
  limit: FlapLimit;
  /** When the title was lost, the last first, monotonic. */
  #lostMs: number[] = [];

  constructor(limit: FlapLimit) {
    this.limit = limit;
  }

  /** The title is lost. */
  lost(nowMs: number): void {
    // One more than is allowed is all that need be known.
    this.#lostMs = [nowMs, ...this.#lostMs].slice(0, this.limit.count + 1);
  }

  /** Until when this node stays out, monotonic; -Infinity: it need not. */
  get untilMs(): number {
    const { count, withinMs } = this.limit;
    return (this.#lostMs[count] ?? -Infinity) + withinMs;
  }
}
