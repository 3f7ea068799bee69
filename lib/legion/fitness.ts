import type { FlapLimit } from "../base/flap_limit.ts";
import { Flap } from "./flap.ts";

/** The reason why a node may not be lord. */
export interface Unfitness {
  /** The reason in a few words, for log and status. */
  readonly why: string;
  /** Whether somebody wants it so, as with a drained node: no failing of the node's. */
  readonly planned: boolean;
  /** When the reason ends by itself, monotonic; undefined: not known to end. */
  readonly untilMs?: number;
}

/**
 * Decides whether a node may be part of the legion, by its checks and by how often it has lost the
 * title.
 */
export class Fitness {
  readonly #flap: Flap;
  #told?: Unfitness;

  /**
   * Begins fit.
   *
   * @param limit how often the node may lose the title
   */
  constructor(limit: FlapLimit) {
    this.#flap = new Flap(limit);
  }

  /** Goes by another limit from now on. */
  reconfigure(limit: FlapLimit): void {
    this.#flap.limit = limit;
  }

  /** Takes in the reason why this node may not be lord; undefined: none. */
  tell(unfitness: Unfitness | undefined): void {
    this.#told = unfitness;
  }

  /** Counts a loss of the title other than to a better node, unless it was planned. */
  lost(nowMs: number): void {
    if (!this.#told?.planned) this.#flap.lost(nowMs);
  }

  /** The reason why this node has to stay out now; undefined: none. */
  unfit(nowMs: number): Unfitness | undefined {
    const { limit: { count, withinMs }, untilMs } = this.#flap;
    const told = this.#told;
    if (nowMs >= untilMs) return told;
    const flaps = `it lost the title more than ${count} times within ${withinMs / 1000} s`;
    if (told === undefined) return { why: flaps, planned: false, untilMs };
    return { why: `${told.why}; ${flaps}`, planned: told.planned };
  }

  /** When that reason may end by itself, monotonic; Infinity: never. */
  dueMs(nowMs: number): number {
    return nowMs < this.#flap.untilMs ? this.#flap.untilMs : Infinity;
  }
}

/** The reason why a node has to stay out, in words, and for how long where known. */
export function unfitnessText({ why, untilMs }: Unfitness, nowMs: number): string {
  if (untilMs === undefined) return why;
  return `${why}, for ${((untilMs - nowMs) / 1000).toFixed(1)} s more`;
}
