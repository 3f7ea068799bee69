import { BinaryHeap } from "@std/data-structures/binary-heap";

// The wall clock at the beginning, in milliseconds since 1970; its seconds have ten digits.
const epochMs = 1_000_000_000_000;

interface Entry {
  readonly atMs: number;
  /** The order of entry, which decides between two entries of the same time. */
  readonly order: number;
  readonly run: () => void;
}

/** The time of a simulated world, which jumps from event to event. */
export class Timeline {
  readonly #entries = new BinaryHeap<Entry>((a, b) => a.atMs - b.atMs || a.order - b.order);
  #order = 0;
  #nowMs = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** The time that a correct wall clock shows, in milliseconds since 1970. */
  get wallMs(): number {
    return epochMs + this.#nowMs;
  }

  /** Enters an event at a time; at once when the time is past. */
  at(atMs: number, run: () => void): void {
    const entry = { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, run };
    if (atMs < Infinity) this.#entries.push(entry);
  }

  /** Enters an event after so many milliseconds. */
  after(ms: number, run: () => void): void {
    this.at(this.#nowMs + ms, run);
  }

  /** Runs until a time; `between` is told, before each event, the time since the one before. */
  run(untilMs: number, between: (ms: number) => void): void {
    for (;;) {
      const next = this.#entries.peek();
      const toMs = Math.min(untilMs, next?.atMs ?? Infinity);
      between(toMs - this.#nowMs);
      this.#nowMs = toMs;
      if (next === undefined || next.atMs > untilMs) return;
      this.#entries.pop();
      next.run();
    }
  }
}
