import type { Clock } from "../base/clock.ts";
import type { EventLevel } from "../base/log_level.ts";

// A stop that is shorter than this share of the tolerance costs nobody anything.
const tellShare = 1 / 3;
const leastMs = 100;

// A machine that is busy all the time need not be told of at each of its stops.
const quietMs = 10_000;

/** Tells in the log that the process did not run for a while: a node that is silent is taken for dead. */
export class StopNotes {
  readonly #clock: Clock;
  readonly #log: (level: EventLevel, message: string) => void;
  #toldMs = -Infinity;

  /** Takes the clock, and the log to tell in. */
  constructor(
    { clock, log }: { clock: Clock; log: (level: EventLevel, message: string) => void },
  ) {
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Takes note of a wake-up, and tells it where it came late: at most once in 10 s.
   *
   * @param lateMs how late it came, in milliseconds
   * @param toleranceMs the silence after which others take this node for dead, in milliseconds
   */
  woke(lateMs: number, toleranceMs: number): void {
    if (lateMs < Math.max(leastMs, tellShare * toleranceMs)) return;
    const { monotonicMs } = this.#clock.now();
    if (monotonicMs - this.#toldMs < quietMs) return;
    this.#toldMs = monotonicMs;
    const seconds = (lateMs / 1000).toFixed(1);
    this.#log("warn", `this process did not run for ${seconds} s: stopped, or the machine is busy`);
  }
}
