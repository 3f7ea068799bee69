import type { Clock } from "../base/clock.ts";

/** A node is to stay out of its legion, since somebody wants it so. */
export interface Drain {
  /** Who. */
  readonly by: string;
  /** Since when, and until when, in milliseconds since 1970; Infinity: until `failover resume`. */
  readonly sinceWallMs: number;
  readonly untilWallMs: number;
}

/** By whom a node is drained and until when, for log and status. */
export function drainText({ by, untilWallMs }: Drain): string {
  const until = untilWallMs < Infinity
    ? `${new Date(untilWallMs).toISOString().slice(0, -5)}Z`
    : "failover resume";
  return `drained by ${by} until ${until}`;
}

/** Somebody's wish that the node stays out, which may end by itself. */
export class DrainState {
  readonly #clock: Clock;
  readonly #ended: (drain: Drain) => void;
  #drain?: Drain;
  #cancel = () => {};

  /** @param ended Told when one has ended by itself */
  constructor(clock: Clock, ended: (drain: Drain) => void) {
    this.#clock = clock;
    this.#ended = ended;
  }

  /** Undefined while nobody wants it. */
  get current(): Drain | undefined {
    return this.#drain;
  }

  /**
   * Begins, or takes the place of the one before.
   *
   * @param forMs After which it ends by itself; Infinity: never. At most a week or so: timers take
   * no longer waits.
   */
  begin(by: string, forMs: number): Drain {
    this.#cancel();
    const { monotonicMs, wallMs } = this.#clock.now();
    const drain = { by, sinceWallMs: wallMs, untilWallMs: wallMs + forMs };
    this.#drain = drain;
    this.#cancel = this.#clock.at(monotonicMs + forMs, () => {
      this.#drain = undefined;
      this.#ended(drain);
    });
    return drain;
  }

  /** Ends it; false when there was none. */
  end(): boolean {
    this.#cancel();
    const was = this.#drain !== undefined;
    this.#drain = undefined;
    return was;
  }
}
