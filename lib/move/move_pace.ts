import type { FailingMoves } from "./provider.ts";

/** The pace of one account's requests for a switch that fail, whatever the provider answers. */
export class MovePace {
  readonly #nowMs: () => number;
  readonly #limits: FailingMoves;
  /** How many requests may still fail, a part of one counted in, when that was counted last. */
  #left: number;
  #countedMs: number;
  /** How many of them are set aside for takeovers that run. */
  #reserved = 0;

  /**
   * Begins with no failure.
   *
   * @param nowMs a clock in milliseconds that never goes back
   */
  constructor(limits: FailingMoves, nowMs: () => number) {
    this.#limits = limits;
    this.#nowMs = nowMs;
    this.#left = limits.most;
    this.#countedMs = nowMs();
  }

  /** The time until the next request may fail, in milliseconds; 0 or less: it may now. */
  get waitMs(): number {
    return (1 - this.#count()) * this.#limits.eachMs;
  }

  /**
   * Sets requests aside for a takeover: as many as it wants, or as may still fail, and one at least.
   * {@link MovePace.spend} is to be called at its end.
   *
   * @param wanted the most that the takeover would send
   * @returns the number it may send
   */
  reserve(wanted: number): number {
    const free = Math.floor(this.#count()) - this.#reserved;
    const reserved = Math.max(1, Math.min(wanted, free));
    this.#reserved += reserved;
    return reserved;
  }

  /**
   * Takes note of the end of a takeover.
   *
   * @param reserved the number of requests that were set aside for it
   * @param failed how many of them were sent, and did not succeed
   * @param hasSucceeded whether it did in the end: then the provider is well again
   */
  spend(reserved: number, failed: number, hasSucceeded: boolean): void {
    this.#reserved -= reserved;
    const left = this.#count() - failed;
    const { most } = this.#limits;
    this.#left = hasSucceeded ? most : Math.max(left, -most);
  }

  #count(): number {
    const nowMs = this.#nowMs();
    const { most, eachMs } = this.#limits;
    this.#left = Math.min(most, this.#left + (nowMs - this.#countedMs) / eachMs);
    this.#countedMs = nowMs;
    return this.#left;
  }
}
