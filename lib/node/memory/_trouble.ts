import type { Clock } from "../../base/clock.ts";
import type { EventLevel } from "../../base/log_level.ts";

/** The means to tell of a trouble. */
export interface TroubleOptions {
  /** Tells the time. */
  readonly clock: Clock;
  /** Takes the lines for the log. */
  readonly log: (level: EventLevel, message: string) => void;
}

// The least time between two lines of the log about one trouble that comes and goes.
const quietMs = 600_000;

/** A file that cannot be kept as it should be: told once when that begins, and once when it ends. */
export class Trouble {
  readonly #what: string;
  readonly #options: TroubleOptions;
  #why?: string;
  #isTold = false;
  #toldMs = -Infinity;

  /**
   * Begins without trouble.
   *
   * @param what the thing that cannot be kept, such as `the notes of this node`
   */
  constructor(what: string, options: TroubleOptions) {
    this.#what = what;
    this.#options = options;
  }

  /** The trouble in a few words; undefined: there is none. */
  get why(): string | undefined {
    return this.#why === undefined ? undefined : `${this.#what} cannot be kept: ${this.#why}`;
  }

  /** Takes in that there is trouble, and why. */
  begin(why: string): void {
    const isNew = this.#why === undefined;
    this.#why = why;
    const { monotonicMs } = this.#options.clock.now();
    if (!isNew || monotonicMs < this.#toldMs + quietMs) return;
    this.#isTold = true;
    this.#toldMs = monotonicMs;
    this.#options.log("warn", this.why!);
  }

  /** Takes in that there is no trouble, or none any more. */
  end(): void {
    this.#why = undefined;
    if (!this.#isTold) return;
    this.#isTold = false;
    this.#options.log("info", `${this.#what} can be kept again`);
  }
}
