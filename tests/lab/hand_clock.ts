import type { Clock } from "../../lib/base/clock.ts";

/** A clock that a test moves by hand. */
export class HandClock implements Clock {
  #nowMs = 0;
  readonly #alarms = new Set<{ atMs: number; callback: () => void }>();

  now() {
    return { monotonicMs: this.#nowMs, wallMs: this.#nowMs };
  }

  at(atMs: number, callback: () => void) {
    const alarm = { atMs, callback };
    this.#alarms.add(alarm);
    return () => void this.#alarms.delete(alarm);
  }

  /** The number of alarms that are set. */
  get alarms(): number {
    return this.#alarms.size;
  }

  /** Lets time pass, and alarms ring at their times; with `hung` all of them ring at the end. */
  pass(ms: number, { hung = false } = {}): void {
    const endMs = this.#nowMs + ms;
    if (hung) this.#nowMs = endMs;
    while (this.#ringsBy(endMs));
    this.#nowMs = endMs;
  }

  /** Lets time pass; after each alarm, the promises that waited for it go on first. */
  async passSlowly(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    do await new Promise((resolve) => setTimeout(resolve, 0)); while (this.#ringsBy(endMs));
    this.#nowMs = endMs;
  }

  /** Lets the next alarm ring if it is due by `endMs`; the result is whether one rang. */
  #ringsBy(endMs: number): boolean {
    const [next] = [...this.#alarms].sort((a, b) => a.atMs - b.atMs);
    if (next === undefined || next.atMs > endMs) return false;
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    this.#alarms.delete(next);
    next.callback();
    return true;
  }
}
