/** The clocks and the alarm of a running node. */
export interface Clock {
  /** The present moment in milliseconds: monotonic, and wall clock since 1970. */
  now(): { readonly monotonicMs: number; readonly wallMs: number };
  /**
   * Calls back once at a monotonic time, or at once when past; returns a function to call it off.
   */
  at(monotonicMs: number, callback: () => void): () => void;
}

// The longest wait that setTimeout takes, in milliseconds; a callback that comes too early asks
// again.
const longestMs = 2 ** 31 - 1;

let lightUntilMs = -Infinity;

/**
 * Lets the alarms that are set from now on do without `setTimeout`, whose first use has the runtime
 * load the timers of Node.js, 10 to 20 ms: a start has better things to do.
 *
 * @param forMs for how long, in milliseconds
 */
export function lightenAlarms(forMs: number): void {
  lightUntilMs = performance.now() + forMs;
}

/** An alarm by a signal. Called off it still uses memory until its time, so this is for a while only. */
function lightAlarm(waitMs: number, callback: () => void): () => void {
  const signal = AbortSignal.timeout(waitMs);
  const ring = () => callback();
  signal.addEventListener("abort", ring, { once: true });
  return () => signal.removeEventListener("abort", ring);
}

/** The machine's own clocks. */
export const systemClock: Clock = {
  now: () => ({ monotonicMs: performance.now(), wallMs: Date.now() }),
  at(monotonicMs, callback) {
    if (monotonicMs === Infinity) return () => {};
    // Rounded up, since a timer that comes too early would only have to be set again.
    const waitMs = Math.ceil(Math.max(0, monotonicMs - performance.now()));
    if (performance.now() < lightUntilMs) return lightAlarm(waitMs, callback);
    const timer = setTimeout(callback, Math.min(waitMs, longestMs));
    return () => clearTimeout(timer);
  },
};
