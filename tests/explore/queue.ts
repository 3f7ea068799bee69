/** A thing that is to happen at a time. */
interface Entry {
  readonly atMs: number;
  readonly run: () => void;
}

/**
 * The things that are to happen, by time; of two at one time the one entered first goes first. A
 * few dozen wait at a time, mostly for the next milliseconds: a plain list, the next one last, is
 * faster than a heap.
 */
export class Queue {
  readonly #entries: Entry[] = [];

  /** The time of the next thing, in milliseconds; Infinity: none waits. */
  get nextMs(): number {
    const { length } = this.#entries;
    return length === 0 ? Infinity : this.#entries[length - 1].atMs;
  }

  /** Enters a thing. */
  add(atMs: number, run: () => void): void {
    const entries = this.#entries;
    let at = entries.length;
    while (at > 0 && entries[at - 1].atMs <= atMs) at--;
    entries.splice(at, 0, { atMs, run });
  }

  /** Takes out the next thing, and does it. */
  runNext(): void {
    this.#entries.pop()?.run();
  }
}
