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
   * Begins without a drain, or with one from before a restart of the node if that is not over.
   *
   * @param ended called when a drain has ended by itself
   * @param before the drain before the restart, `untilMs` by this clock
   */
  constructor(clock: Clock, ended: (drain: Drain) => void, before?: Drain) {
    this.#clock = clock;
    this.#ended = ended;
    if (before === undefined) return;
    const { monotonicMs, wallMs } = clock.now();
    // The end was told as a time of day, which has passed if either clock says so.
    const leftMs = Math.min(
      (before.untilMs ?? Infinity) - monotonicMs,
      before.untilWallMs - wallMs,
    );
    if (leftMs <= 0) return;
    this.#run(leftMs < Infinity ? { ...before, untilMs: monotonicMs + leftMs } : before);
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
    return this.#run({ by, sinceWallMs: wallMs, untilWallMs: wallMs + forMs, untilMs });
  }

  #run(drain: Drain): Drain {
    this.#drain = drain;
    this.#cancel = this.#clock.at(drain.untilMs ?? Infinity, () => {
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
