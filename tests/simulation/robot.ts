import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";

/** What comes of a request to switch. */
export type Answer = "switched" | "locked" | "lost";

/**
 * The Robot, as far as a legion feels it: a switch takes its time, another one meanwhile is
 * refused, and an answer may be lost although the switch is made.
 */
export class Robot {
  readonly #timeline: Timeline;
  readonly #random: Random;
  #busy = false;
  /** Where the address points. */
  pointsTo = "";
  /** How long a switch takes. */
  switchMs = 10;
  locked = false;
  losesAnswers = false;

  constructor(timeline: Timeline, random: Random) {
    this.#timeline = timeline;
    this.#random = random;
  }

  /** Asks for the address. A switch that has begun is made, whatever becomes of who asked. */
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
