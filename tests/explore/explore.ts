import type { Code } from "./code.ts";
import { type Deviation, lastStep } from "./deviation.ts";
import { deviationsFrom } from "./deviations.ts";
import { scheduleName } from "./schedule.ts";
import type { Setting } from "./setting.ts";
import { Trace } from "./trace.ts";
import { World } from "./world.ts";

/** A rule that a schedule broke. */
export interface Finding {
  /** The name of the schedule. */
  readonly schedule: string;
  /** The rule, in words with the time and the nodes. */
  readonly broken: string;
}

/** The outcome of the schedules that begin with one deviation. */
export interface Outcome {
  /** The number of schedules that were lived through. */
  readonly schedules: number;
  /** The rules that were broken. */
  readonly findings: readonly Finding[];
}

// The time that a deviation lingers after it is over, in steps: all has been said again meanwhile.
const lingerSteps = 6;

/** The deviations that would change the calm course of a setting, and whether it breaks a rule. */
export function firstDeviations(
  setting: Setting,
  code: Code,
): { readonly firsts: readonly Deviation[]; readonly findings: readonly Finding[] } {
  const { trace, broken } = live(setting, code, []);
  const findings = broken === undefined ? [] : [{ schedule: setting.name, broken }];
  return { firsts: deviationsFrom(setting, trace), findings };
}

/**
 * Lives through all schedules that begin with a deviation: it alone, and it with each other that
 * begins later and would change its course.
 *
 * @param alone whether to live through it alone only
 */
export function explore(
  setting: Setting,
  code: Code,
  first: Deviation,
  { alone = false }: { alone?: boolean } = {},
): Outcome {
  const { seconds, findings } = secondDeviations(setting, code, first);
  if (alone || findings.length > 0) return { schedules: 1, findings };
  const found: Finding[] = [];
  for (const second of seconds) {
    const schedule = { setting, deviations: [first, second] };
    const broken = new World(schedule, code).run();
    if (broken !== undefined) found.push({ schedule: scheduleName(schedule), broken });
  }
  return { schedules: 1 + seconds.length, findings: found };
}

/**
 * The deviations that would change the course with a first one, and whether it breaks a rule. Once
 * the first is over, and has left nothing behind, another would be as good as alone.
 */
export function secondDeviations(
  setting: Setting,
  code: Code,
  first: Deviation,
): { readonly seconds: readonly Deviation[]; readonly findings: readonly Finding[] } {
  const { trace, broken } = live(setting, code, [first]);
  const schedule = scheduleName({ setting, deviations: [first] });
  const findings = broken === undefined ? [] : [{ schedule, broken }];
  const otherStep = trace.lastOtherThan(calmTrace(setting, code));
  const untilStep = Math.max(lastStep(first), otherStep) + lingerSteps;
  const seconds = deviationsFrom(setting, trace, first).filter(({ step }) => step <= untilStep);
  return { seconds, findings };
}

const calmTraces = new WeakMap<Code, Map<Setting, Trace>>();

/** The trace of a setting without deviations, which each first deviation is compared with. */
function calmTrace(setting: Setting, code: Code): Trace {
  const traces = calmTraces.get(code) ?? new Map<Setting, Trace>();
  calmTraces.set(code, traces);
  const trace = traces.get(setting) ?? live(setting, code, []).trace;
  traces.set(setting, trace);
  return trace;
}

function live(setting: Setting, code: Code, deviations: readonly Deviation[]) {
  const trace = new Trace(setting.nodes.length, setting.endStep);
  const broken = new World({ setting, deviations }, code, { trace }).run();
  return { trace, broken };
}
