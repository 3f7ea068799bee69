import { UsageError } from "../lib/cli/usage_error.ts";

/**
 * How hard xz tries, from 0 to 9.
 *
 * @param text the option's value
 * @throws UsageError where it is no such number
 */
export function levelOf(text = "6"): number {
  if (/^\d$/.test(text)) return Number(text);
  throw new UsageError(`--level takes a number from 0 to 9, not ${text}`);
}
