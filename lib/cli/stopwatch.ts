import { secondsOf } from "../base/seconds_of.ts";

/** Measures how long a command takes, from its construction on. */
export class Stopwatch {
  readonly #begunMs = performance.now();

  /** The time since the beginning, in seconds with three decimals. */
  get seconds(): number {
    return secondsOf(performance.now() - this.#begunMs);
  }
}
