import { Invalid } from "./_invalid.ts";

const longestSeconds = 86_400;

/**
 * Reads a duration in seconds, decimals allowed, as milliseconds.
 *
 * @throws Invalid when it is none, is longer than a day, or is 0 without `zero`
 */
export function parseSeconds(text: string, { zero = false } = {}): number {
  const seconds = /^[0-9]+(\.[0-9]+)?$|^\.[0-9]+$/.test(text) ? Number(text) : NaN;
  const least = zero ? "from 0" : "above 0";
  if (!(seconds >= 0 && seconds <= longestSeconds) || (seconds === 0 && !zero)) {
    throw new Invalid(`right would be a number of seconds ${least} to ${longestSeconds}`);
  }
  return seconds * 1000;
}

/**
 * Reads a whole number from 0.
 *
 * @throws Invalid when it is none, or too large to be counted exactly
 */
export function parseWhole(text: string): number {
  const number = /^[0-9]+$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(number)) {
    throw new Invalid("right would be a whole number from 0");
  }
  return number;
}
