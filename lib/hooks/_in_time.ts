import { HookError } from "./action.ts";
import { isInstalled, missingTool, type RunTool } from "./_tool.ts";

/** A program that may be started for a while only. */
export interface Planned {
  /** The program and its arguments. */
  readonly words: readonly string[];
  /** The time in which it has to begin, in milliseconds from now; none, where that is 0 or less. */
  readonly withinMs: number;
}

/** The longest time that is kept to, in milliseconds: the lease of some nodes has no end. */
const longestMs = 60_000;
/** The shell's answer where the program was not begun. */
const late = "late";
// The uptime has two decimals: without its point it is a number of hundredths.
const script = 'read -r up rest </proc/uptime; [ "${up%.*}${up#*.}" -lt "$1" ] || ' +
  `{ echo ${late}; exit; }; shift; exec "$@"`;

/**
 * Runs a program, unless it would begin too late. A process may be stopped, or wait for a processor,
 * after it has looked at its lease and before the program is there: then the lease may be over, and
 * another node lord, when the program begins. So the program's own process looks at the clock, the
 * kernel's uptime, as its last act before it.
 *
 * @param run runs `cat` and `sh`
 * @param plan asked once the uptime is known; undefined: nothing is to be run
 * @returns whether the program ran
 * @throws HookError where it cannot be run, or fails
 */
export async function runInTime(
  run: RunTool,
  plan: () => Planned | undefined,
): Promise<boolean> {
  const uptimeMs = uptimeOf(await run("cat", ["/proc/uptime"]));
  const planned = plan();
  if (planned === undefined || planned.withinMs <= 0) return false;
  const limit = Math.floor((uptimeMs + Math.min(planned.withinMs, longestMs)) / 10);
  const { words } = planned;
  try {
    return (await run("sh", ["-c", script, "sh", `${limit}`, ...words])).trim() !== late;
  } catch (error) {
    throw isInstalled(words[0]) ? ofProgram(words[0], error) : new HookError(missingTool(words[0]));
  }
}

/** The error that the shell has in the place of the program that it became. */
function ofProgram(program: string, error: unknown): unknown {
  return error instanceof HookError
    ? new HookError(error.message.replace(/^sh /, `${program} `))
    : error;
}

/** Reads `/proc/uptime`, whose first number is in seconds; the result is in milliseconds. */
function uptimeOf(said: string): number {
  const [, seconds] = /^(\d{1,10}\.\d\d) /.exec(said) ?? [];
  if (seconds === undefined) {
    throw new HookError("/proc/uptime does not tell the time since the boot");
  }
  return Number(seconds) * 1000;
}
