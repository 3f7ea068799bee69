import { alarm } from "./alarm.ts";

/** The clocks and the alarm of a running node. */
export interface Clock {
  /** The present moment in milliseconds: monotonic, and wall clock since 1970. */
  now(): { readonly monotonicMs: number; readonly wallMs: number };
  /**
   * Calls back once at a monotonic time, or at once when past; returns a function to call it off.
   */
  at(monotonicMs: number, callback: () => void): () => void;
}

/** The machine's own clocks. */
export const systemClock: Clock = {
  now: () => ({ monotonicMs: performance.now(), wallMs: Date.now() }),
  at(monotonicMs, callback) {
    if (monotonicMs === Infinity) return () => {};
    // Rounded up, since a timer that comes too early would only have to be set again.
    const waitMs = Math.ceil(Math.max(0, monotonicMs - performance.now()));
    return alarm(waitMs, callback);
  },
};
