import { Invalid } from "./invalid.ts";

const longestSeconds = 86_400;

/**
 * Reads a duration in seconds, decimals allowed, as whole milliseconds.
 *
 * @throws Invalid when it is none, is longer than a day or shorter than a millisecond; 0 is right
 * with `zero`
 */
export function parseSeconds(text: string, { zero = false } = {}): number {
  const seconds = /^[0-9]+(\.[0-9]+)?$|^\.[0-9]+$/.test(text) ? Number(text) : NaN;
  const ms = Math.round(seconds * 1000);
  if (zero && seconds === 0) return 0;
  if (!(ms >= 1 && seconds <= longestSeconds)) {
    const range = `${zero ? "0, or " : ""}0.001 to ${longestSeconds}`;
    throw new Invalid(`right would be a number of seconds: ${range}`);
  }
  return ms;
}

/**
 * Reads 1 as true, and 0 as false.
 *
 * @throws Invalid for anything else
 */
export function parseFlag(text: string): boolean {
  if (text !== "0" && text !== "1") throw new Invalid("right would be 1 or 0");
  return text === "1";
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

/**
 * The number that a text begins with, decimals with it, and the rest; where the text begins with
 * none, all of it is the number, and the rest is empty.
 */
export function leadingNumber(text: string): { readonly number: string; readonly rest: string } {
  const match = /^([0-9]+(?:\.[0-9]+)?)(.*)$/s.exec(text);
  return match === null ? { number: text, rest: "" } : { number: match[1], rest: match[2] };
}
