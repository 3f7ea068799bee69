/** Measures how long a command takes, from its construction on. */
export class Stopwatch {
  readonly #begunMs = performance.now();

  /** The time since the beginning, in seconds with three decimals. */
  get seconds(): number {
    return Math.round(performance.now() - this.#begunMs) / 1000;
  }
}
