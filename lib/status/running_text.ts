import { ageText } from "./age_text.ts";
import type { RunningHookStats } from "./report.ts";

/**
 * Says what a hook that runs now is at: `cmd (line 12) since 12 s`; of one that moves an address also
 * `, attempt 3, last error: LOCKED: a switch is running`.
 *
 * @param nowSeconds the wall clock, in seconds since 1970
 */
export function runningText(
  { action, line, since, attempts, last_error }: RunningHookStats,
  nowSeconds: number,
): string {
  const attempt = attempts === 0 ? "" : `, attempt ${attempts}`;
  const error = last_error === "" ? "" : `, last error: ${last_error}`;
  return `${action} (line ${line}) since ${ageText(nowSeconds - since)}${attempt}${error}`;
}
