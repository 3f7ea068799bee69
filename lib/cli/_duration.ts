import { UsageError } from "./usage_error.ts";

const units: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Reads a duration such as `90`, `90s`, `10m` or `1h`, in seconds.
 *
 * @param option the option's name, for the message
 * @throws UsageError when the text is no duration above 0, or longer than `longestSeconds`
 */
export function durationSeconds(option: string, text: string, longestSeconds: number): number {
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text);
  const seconds = match === null ? NaN : Number(match[1]) * units[match[2]];
  if (seconds > 0 && seconds <= longestSeconds) return seconds;
  const most = `at most ${longestSeconds / 86_400}d`;
  throw new UsageError(`${option} takes a duration such as 90s, 10m or 1h, ${most}, not ${text}`);
}
