import type { Clock } from "../base/clock.ts";
import { isoSeconds } from "../base/iso_seconds.ts";
import type { Reason } from "../legion/reason.ts";

/** A drain: the wish that a node stands back. */
export interface Drain {
  /** The name of the person who drained the node. */
  readonly by: string;
  /** Since when, in milliseconds since 1970. */
  readonly sinceWallMs: number;
  /** Until when, in milliseconds since 1970; Infinity: until `failover resume`. */
  readonly untilWallMs: number;
  /** Until when, monotonic; undefined: until `failover resume`. */
  readonly untilMs?: number;
}

/** A drain in words, for the log: by whom, and until when. */
export function drainText({ by, untilWallMs }: Drain): string {
  const until = untilWallMs < Infinity ? isoSeconds(untilWallMs / 1000) : "failover resume";
  return `drained by ${by} until ${until}`;
}

/** A drain as a reason to stand back. */
export function drainReason(drain: Drain): Reason {
  const { by, untilMs } = drain;
  return untilMs === undefined
    ? { kind: "drained", why: drainText(drain) }
    : { kind: "drained", why: `drained by ${by}`, untilMs };
}

/** The drain of a node, if there is one; may end by itself. */
export class DrainState {
  readonly #clock: Clock;
  readonly #ended: (drain: Drain) => void;
  #drain?: Drain;
  #cancel = () => {};

  /**
   * Begins without a drain.
   *
   * @param ended called when a drain has ended by itself
   */
  constructor(clock: Clock, ended: (drain: Drain) => void) {
    this.#clock = clock;
    this.#ended = ended;
  }

  /** The drain; undefined: none. */
  get current(): Drain | undefined {
    return this.#drain;
  }

  /**
   * Begins a drain, or replaces the one before.
   *
   * @param forMs the time after which it ends by itself, in milliseconds; Infinity: never. At most
   * a week or so: timers take no longer waits.
   */
  begin(by: string, forMs: number): Drain {
    this.#cancel();
    const { monotonicMs, wallMs } = this.#clock.now();
    const untilMs = forMs < Infinity ? monotonicMs + forMs : undefined;
    const drain = { by, sinceWallMs: wallMs, untilWallMs: wallMs + forMs, untilMs };
    this.#drain = drain;
    this.#cancel = this.#clock.at(monotonicMs + forMs, () => {
      this.#drain = undefined;
      this.#ended(drain);
    });
    return drain;
  }

  /** Ends the drain; false: there was none. */
  end(): boolean {
    this.#cancel();
    const was = this.#drain !== undefined;
    this.#drain = undefined;
    return was;
  }
}
