import { BinaryHeap } from "@std/data-structures/binary-heap";

// Seconds since 1970 have ten digits.
const epochMs = 1_000_000_000_000;

interface Entry {
  readonly atMs: number;
  /** Of two at one time the one comes first that was put down first. */
  readonly order: number;
  readonly run: () => void;
}

/** The time of a simulated world, which goes from event to event. */
export class Timeline {
  readonly #entries = new BinaryHeap<Entry>((a, b) => a.atMs - b.atMs || a.order - b.order);
  #order = 0;
  #nowMs = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** What a right wall clock shows. */
  get wallMs(): number {
    return epochMs + this.#nowMs;
  }

  /** Something that is to happen, at once when the time is past. */
  at(atMs: number, run: () => void): void {
    const entry = { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, run };
    if (atMs < Infinity) this.#entries.push(entry);
  }

  /** Something that is to happen after so long. */
  after(ms: number, run: () => void): void {
    this.at(this.#nowMs + ms, run);
  }

  /** Goes to a time; `between` is called before each event with the time since the one before. */
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
