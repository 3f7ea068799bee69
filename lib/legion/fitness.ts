import { Flap, type FlapLimit } from "./flap.ts";

/** Why a node may not be lord. */
export interface Unfitness {
  /** In a few words, for log and status. */
  readonly why: string;
  /** Somebody wants it so: it is no failing of the node's. */
  readonly planned: boolean;
  /** When it ends by itself, monotonic; undefined: it does not, as far as is known. */
  readonly untilMs?: number;
}

/** Whether a node may be part of the legion, by what it is told of its checks and by its own past. */
export class Fitness {
  readonly #flap: Flap;
  #told?: Unfitness;

  constructor(limit: FlapLimit) {
    this.#flap = new Flap(limit);
  }

  /** Goes by another limit from now on. */
  reconfigure(limit: FlapLimit): void {
    this.#flap.limit = limit;
  }

  /** Takes in why this node may not be lord; undefined: it may. */
  tell(unfitness: Unfitness | undefined): void {
    this.#told = unfitness;
  }

  /** The title was lost, and not to a better one. */
  lost(nowMs: number): void {
    if (!this.#told?.planned) this.#flap.lost(nowMs);
  }

  /** Why this node has to stay out now; undefined: it need not. */
  unfit(nowMs: number): Unfitness | undefined {
    const { limit: { count, withinMs }, untilMs } = this.#flap;
    const told = this.#told;
    if (nowMs >= untilMs) return told;
    const flaps = `it lost the title more than ${count} times within ${withinMs / 1000} s`;
    if (told === undefined) return { why: flaps, planned: false, untilMs };
    return { why: `${told.why}; ${flaps}`, planned: told.planned };
  }

  /** When that may change by itself, monotonic; Infinity: it does not. */
  dueMs(nowMs: number): number {
    return nowMs < this.#flap.untilMs ? this.#flap.untilMs : Infinity;
  }
}

/** Why a node has to stay out, and for how long where that is known. */
export function unfitnessText({ why, untilMs }: Unfitness, nowMs: number): string {
  if (untilMs === undefined) return why;
  return `${why}, for ${((untilMs - nowMs) / 1000).toFixed(1)} s more`;
}
