import type { FailingMoves } from "./provider.ts";

const hourMs = 3_600_000;

/** A request for a switch that led nowhere. */
interface InVain {
  /** When its takeover ended, in milliseconds of the pace's clock. */
  readonly atMs: number;
  /** Whether it holds up the next: it failed, and nothing has succeeded since. */
  readonly holdsUp: boolean;
}

/**
 * The end of a takeover for the account's pace:
 *
 * - `moved`: the provider did as it was asked, and is well
 * - `taken back`: the same, of an address that had been here and was gone
 * - `failed`: the address is not known to be here
 * - `broken off`: the takeover was no longer wanted; nobody knows whether it would have failed
 */
export type MoveTurnEnd = "moved" | "taken back" | "failed" | "broken off";

/** The part that one takeover has in the pace of its account. */
export interface MoveTurn {
  /**
   * How many requests for a switch the takeover may send in all. The number grows while there is
   * room, up to a fair share among the takeovers that run; no other takeover gets them.
   */
  readonly maxMoves: number;
  /**
   * Takes note of the end of the takeover, once.
   *
   * @param sent how many of the requests may have arrived
   */
  ended(end: MoveTurnEnd, sent: number): void;
}

/**
 * The pace of one account's requests for a switch. Whatever the provider answers, and however many
 * addresses are asked for at once, no more of them in any hour are in vain than may fail in an hour. A
 * success lets the next follow at once; the failures before it still count for the hour.
 */
export class MovePace {
  readonly #nowMs: () => number;
  readonly #limits: FailingMoves;
  /** The most in an hour. */
  readonly #perHour: number;
  /** The requests of the last hour, the oldest first. */
  #inVain: readonly InVain[] = [];
  /** The number of requests set aside for takeovers that run. */
  #reserved = 0;
  /** The number of takeovers that run. */
  #running = 0;

  /**
   * Begins with no failure.
   *
   * @param nowMs a clock in milliseconds that never goes back
   */
  constructor(limits: FailingMoves, nowMs: () => number) {
    this.#limits = limits;
    this.#perHour = limits.most + Math.floor(hourMs / limits.eachMs);
    this.#nowMs = nowMs;
  }

  /** Whether a takeover runs. */
  get isBusy(): boolean {
    return this.#running > 0;
  }

  /** The reason why no takeover may begin now; undefined: one may. */
  get refusal(): string | undefined {
    if (this.#room(this.#running + 1) > 0) return undefined;
    const [oldest] = this.#inVain;
    const last = this.#inVain.findLast(({ holdsUp }) => holdsUp);
    const freeMs = this.#inVain.length >= this.#perHour
      ? oldest.atMs + hourMs
      : last === undefined
      ? -Infinity
      : last.atMs + this.#limits.eachMs;
    const seconds = Math.ceil((freeMs - this.#nowMs()) / 1000);
    if (seconds <= 0) return "not asked: as many other switches are under way as may fail";
    return `not asked: many switches in a row have failed; the next may be tried in ${seconds} s`;
  }

  /**
   * Begins a takeover, with one request; to be called when {@link MovePace.refusal} says nothing.
   *
   * @param wanted the most requests that the takeover would send
   */
  begin(wanted: number): MoveTurn {
    let reserved = 1;
    this.#reserved++;
    this.#running++;
    const share = () => Math.min(wanted, this.#share());
    const grow = () => {
      const more = Math.max(0, Math.min(share() - reserved, this.#room(this.#running)));
      this.#reserved += more;
      return reserved += more;
    };
    return {
      get maxMoves() {
        return grow();
      },
      ended: (end, sent) => {
        this.#reserved -= reserved;
        this.#running--;
        this.#note(end, sent);
      },
    };
  }

  #note(end: MoveTurnEnd, sent: number): void {
    const hasSucceeded = end === "moved" || end === "taken back";
    // An address that is taken from here again and again would use up the quota as failures do.
    const inVain = end === "moved" ? sent - 1 : sent;
    const one = { atMs: this.#nowMs(), holdsUp: end === "failed" };
    const all = [...this.#inVain, ...Array<InVain>(Math.max(0, inVain)).fill(one)];
    this.#inVain = hasSucceeded && sent > 0
      ? all.map(({ atMs }) => ({ atMs, holdsUp: false }))
      : all;
  }

  /** How many more requests may be set aside while so many takeovers run; 0 or less: none. */
  #room(running: number): number {
    const nowMs = this.#nowMs();
    this.#inVain = this.#inVain.filter(({ atMs }) => atMs > nowMs - hourMs);
    const failed = this.#inVain.filter(({ holdsUp }) => holdsUp);
    const lastMs = failed.at(-1)?.atMs ?? Infinity;
    const { most, eachMs } = this.#limits;
    const atOnce = Math.max(most, 2 * running) - failed.length - this.#reserved;
    const oneByOne = this.#reserved === 0 && nowMs >= lastMs + eachMs ? 1 : 0;
    return Math.min(
      this.#perHour - this.#inVain.length - this.#reserved,
      Math.max(atOnce, oneByOne),
    );
  }
  /**
   * How many requests each of the takeovers that run may send: two at least, one at first and one
   * when a lock has passed.
   */
  #share(): number {
    return Math.max(2, Math.floor(this.#limits.most / this.#running));
  }
}
