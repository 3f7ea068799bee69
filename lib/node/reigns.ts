import type { ReignStats } from "../status/report.ts";

const daySeconds = 86_400;
const maxReigns = 200;

/**
 * The lords of the last 24 hours as this node saw them, since the start of its process: a process
 * that is started again begins anew. At most 200 times are kept.
 */
export class Reigns {
  readonly #now: () => number;
  readonly #reigns: ReignStats[];
  #transitions = 0;
  #hasSeenLord = false;

  /**
   * Begins at the present time, with no lord.
   *
   * @param now the wall clock, in whole seconds since 1970
   */
  constructor(now: () => number) {
    this.#now = now;
    this.#reigns = [{ lord: "", since: now() }];
  }

  /** The lords of the last 24 hours, the newest last: the first may have begun before. */
  get all(): readonly ReignStats[] {
    this.#forget();
    return [...this.#reigns];
  }

  /** How often the title was lost, or another node got it, after the first lord was seen. */
  get transitions(): number {
    return this.#transitions;
  }

  /**
   * Takes note of who says that it is lord now.
   *
   * @param lords the names of all lords; of several, the one that has been lord longest counts
   * @returns the name of the lord where that is another one than before, else undefined
   */
  note(lords: readonly string[]): string | undefined {
    const { lord: before } = this.#reigns.at(-1)!;
    const lord = lords.includes(before) ? before : lords[0] ?? "";
    if (lord === before) return undefined;
    if (this.#hasSeenLord) this.#transitions++;
    this.#hasSeenLord = true;
    this.#reigns.push({ lord, since: this.#now() });
    this.#forget();
    return lord === "" ? undefined : lord;
  }

  /** Forgets the times that ended more than 24 hours ago, and the oldest of more than 200. */
  #forget(): void {
    const sinceSeconds = this.#now() - daySeconds;
    const isOver = () => this.#reigns.length > 1 && this.#reigns[1].since <= sinceSeconds;
    while (isOver() || this.#reigns.length > maxReigns) this.#reigns.shift();
  }
}
