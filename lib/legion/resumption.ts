import { outranks } from "./election.ts";
import type { Loss } from "./loss.ts";
import type { Member } from "./membership.ts";
import type { Situation } from "./rule.ts";

/** The settings that a resumption goes by. */
export interface ResumptionOptions {
  /** The time between two announcements, in milliseconds. */
  readonly freqMs: number;
  /** The silence after which a member is dropped, in milliseconds. */
  readonly toleranceMs: number;
}

/**
 * The way back to the title for a node whose last process was lord, or took over: it claims at once,
 * and takes up again when it is elected again (LEASE.md, rule 12).
 */
export class Resumption {
  #options: ResumptionOptions;
  #begunMs = Infinity;

  /** Nothing is resumed before {@link Resumption.begin}. */
  constructor(options: ResumptionOptions) {
    this.#options = options;
  }

  /** Goes by other options from now on. */
  reconfigure(options: ResumptionOptions): void {
    this.#options = options;
  }

  /** Begins, at the start of the node. */
  begin(nowMs: number): void {
    this.#begunMs = nowMs;
  }

  /**
   * The reason to claim no longer; undefined: the claim stands. A supporter that has not come back
   * within a tolerance has taken this node for gone. A lower candidate is none: this node may not
   * have heard enough others yet to stand.
   *
   * @param lord another node that is lord, or takes over
   */
  mustRelease({ self, best, stranger, nowMs }: Situation, lord?: Member): Loss | undefined {
    if (lord !== undefined) return { why: `${lord.name} has become lord`, isPlanned: false };
    if (stranger !== undefined) {
      const why = `${stranger.name}, which has another list of nodes or quorum, is lord`;
      return { why, isPlanned: false };
    }
    if (best !== undefined && outranks(best, self)) {
      return { why: `${best.name} is the candidate`, isPlanned: true };
    }
    if (nowMs >= this.#endsMs) return { why: "too few support it again", isPlanned: false };
  }

  /**
   * Whether an election is to be trusted so soon: where no others' promises say that there is no
   * other lord, this node listens first.
   */
  hasListened(nowMs: number): boolean {
    return nowMs >= this.#listenedMs;
  }

  /** When something changes by itself, monotonic. */
  dueMs(nowMs: number): number {
    return nowMs < this.#listenedMs ? this.#listenedMs : this.#endsMs;
  }

  get #listenedMs(): number {
    return this.#begunMs + this.#options.freqMs;
  }

  get #endsMs(): number {
    return this.#begunMs + this.#options.toleranceMs;
  }
}
