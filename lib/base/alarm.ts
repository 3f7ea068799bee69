// The longest wait that setTimeout takes, in milliseconds.
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

/**
 * Calls back once after a wait in milliseconds, which is cut at some 24 days; returns a function to
 * call it off.
 */
export function alarm(waitMs: number, callback: () => void): () => void {
  const ms = Math.min(waitMs, longestMs);
  if (performance.now() < lightUntilMs) return lightAlarm(ms, callback);
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

/** An alarm by a signal. Called off it still uses memory until its time, so this is for a while only. */
function lightAlarm(waitMs: number, callback: () => void): () => void {
  const signal = AbortSignal.timeout(waitMs);
  const ring = () => callback();
  signal.addEventListener("abort", ring, { once: true });
  return () => signal.removeEventListener("abort", ring);
}
