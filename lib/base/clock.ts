/** The clocks and the alarm of a running node. */
export interface Clock {
  /** The present moment: monotonic, and wall clock since 1970. */
  now(): { readonly monotonicMs: number; readonly wallMs: number };
  /** Calls back once at a monotonic time, or as soon as that is past; returns what calls it off. */
  at(monotonicMs: number, callback: () => void): () => void;
}

// setTimeout takes no longer waits; whoever is called too early asks again.
const longestMs = 2 ** 31 - 1;

/** The machine's own clocks. */
export const systemClock: Clock = {
  now: () => ({ monotonicMs: performance.now(), wallMs: Date.now() }),
  at(monotonicMs, callback) {
    if (monotonicMs === Infinity) return () => {};
    // Rounded up, since a timer that comes too early would only have to be set again.
    const waitMs = Math.ceil(Math.max(0, monotonicMs - performance.now()));
    const timer = setTimeout(callback, Math.min(waitMs, longestMs));
    return () => clearTimeout(timer);
  },
};
