/**
 * Random-looking numbers that follow from a seed alone, the same on every machine. So many are
 * drawn that speed counts: deno-std has no such generator, and one with BigInt takes ten times as
 * long. The algorithm is mulberry32.
 */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
    // The first numbers of neighbouring seeds are alike, so some are dropped.
    for (let i = 0; i < 4; i++) this.next();
  }

  /** A number from 0 up to, but not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A number from `low` up to `high`. */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(all: readonly T[]): T {
    return all[this.whole(0, all.length - 1)];
  }

  /** A copy in random order. */
  shuffled<T>(all: readonly T[]): T[] {
    const drawn = all.map((one) => ({ one, key: this.next() }));
    return drawn.sort((a, b) => a.key - b.key).map(({ one }) => one);
  }
}
