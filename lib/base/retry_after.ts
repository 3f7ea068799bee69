/**
 * The longest wait that a server's word is taken for, in milliseconds: a mistake must not last for
 * ever.
 */
export const longestRetryMs = 86_400_000;

/**
 * Reads the header `Retry-After`: seconds, or a date (RFC 9110, 10.2.3).
 *
 * @param value the header's value, from outside; undefined: there is none
 * @param nowMs the wall clock, in milliseconds since 1970
 * @returns the time to wait in milliseconds, at most a day; undefined where the value tells none
 */
export function retryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  const seconds = /^\d{1,10}$/.test(text) ? Number(text) : undefined;
  // A date is told by its letters: Date.parse reads numbers in ways of its own.
  const dateMs = /^[A-Za-z]{3}.*GMT$/.test(text) ? Date.parse(text) - nowMs : NaN;
  const ms = seconds === undefined ? dateMs : seconds * 1000;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), longestRetryMs);
}
