import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";

/** The answer to a request for a switch, as the node meets it. */
export type Answer = "switched" | "locked" | "lost";

/**
 * The parts of the Robot that matter to a legion: a switch takes its time, a second one meanwhile
 * is refused, and an answer may be lost although the switch is made.
 */
export class Robot {
  readonly #timeline: Timeline;
  readonly #random: Random;
  #busy = false;
  /** The name of the node that the address points to; empty: nowhere. */
  pointsTo = "";
  /** The duration of a switch, in milliseconds. */
  switchMs = 10;
  /** Whether all requests are refused. */
  locked = false;
  /** Whether answers may be lost. */
  losesAnswers = false;

  constructor(timeline: Timeline, random: Random) {
    this.#timeline = timeline;
    this.#random = random;
  }

  /** Asks for the address. A switch that has begun is made, even if the node that asked ends. */
  request(to: string, answered: (answer: Answer) => void): void {
    if (this.#busy || this.locked) return this.#timeline.after(5, () => answered("locked"));
    this.#busy = true;
    this.#timeline.after(this.switchMs, () => {
      this.#busy = false;
      this.pointsTo = to;
      const lost = this.losesAnswers && this.#random.chance(0.7);
      this.#timeline.after(lost ? 1000 : 5, () => answered(lost ? "lost" : "switched"));
    });
  }
}
