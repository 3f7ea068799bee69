import { delay } from "@std/async/delay";
import type { Lan } from "../../lab/lan.ts";
import { secondsWith, type Span, stepsOf, without } from "./lords_over_time.ts";
import type { Scenario } from "./scenarios.ts";
import type { Settings } from "./settings.ts";
import { setStage, type Stage } from "./stage.ts";

/** What came of a drill. All but the numbers of samples are seconds. */
export interface Outcome {
  readonly scenario: string;
  /** How long the fault lasted. */
  readonly fault: number;
  /** During which two or more were lord, by the samples of their status. */
  readonly twoLordsByStatus: number;
  /** The same, by the nodes' hooks. */
  readonly twoLordsByHooks: number;
  /** During which nobody was lord, from the fault's beginning until all was right again. */
  readonly noLord: number;
  /** How long after the beginning of the fault another was lord; null: none was. */
  readonly replacedAfter: number | null;
  /** How long after the fault the address was with the right node for good; null: too long. */
  readonly rightAfter: number | null;
  readonly samples: number;
  /** What was not as it has to be; empty: nothing. */
  readonly wrong: readonly string[];
  /** The nodes' logs. */
  readonly logs: readonly string[];
}

/** What a drill is held with. */
export interface DrillOptions {
  readonly lan: Lan;
  readonly settings: Settings;
  readonly signal: AbortSignal;
}

/** Holds one drill, with nodes of its own. */
export async function drill(scenario: Scenario, options: DrillOptions): Promise<Outcome> {
  const { lan, settings, signal } = options;
  const { toleranceSeconds } = settings;
  await using stage = await setStage({
    lan,
    settings,
    signal,
    ownClock: scenario.ownClock === true,
  });
  if (!await stage.until(() => stage.isRight, 20 + 3 * toleranceSeconds)) {
    throw new Error(`server-1 does not become lord:\n${logsOf(stage).join("\n")}`);
  }
  await delay(toleranceSeconds * 1000, { signal });

  const fault = await withFault(scenario, stage, options);
  // Whatever comes after is long over by then.
  const deadlineMs = fault.toMs + 5 * toleranceSeconds * 1000;
  const rightMs = await lastingRight(stage, deadlineMs, toleranceSeconds);

  const span = { fromMs: fault.fromMs, toMs: Date.now() };
  const { steps } = stage.watch;
  const rightAfter = rightMs === undefined ? null : (rightMs - fault.toMs) / 1000;
  const found = {
    fault: (fault.toMs - fault.fromMs) / 1000,
    twoLordsByStatus: secondsWith(steps, span, (lords) => lords > 1),
    twoLordsByHooks: await twoLordsByHooks(stage, fault, span),
    noLord: secondsWith(steps, { ...span, toMs: rightMs ?? span.toMs }, (lords) => lords === 0),
    replacedAfter: fault.replacedAfter,
    rightAfter,
    samples: steps.filter(({ atMs }) => atMs >= span.fromMs).length,
  };
  const wrong = [
    ...found.twoLordsByStatus > 0 ? ["two lords"] : [],
    ...scenario.replaced && found.replacedAfter === null ? ["the lord was not replaced"] : [],
    ...rightAfter === null ? [`the address points to ${stage.robot.activeServerIp}`] : [],
  ];
  return { scenario: scenario.name, ...found, wrong, logs: logsOf(stage) };
}

interface FaultCourse extends Span {
  readonly replacedAfter: number | null;
  /** When the first node's lease had ended, should it have been silent. */
  readonly lordUntilMs: number;
}

async function withFault(
  { begin, end, seconds }: Scenario,
  stage: Stage,
  { settings, signal }: DrillOptions,
): Promise<FaultCourse> {
  const { watch } = stage;
  const fromMs = Date.now();
  const lasts = seconds(settings);
  await begin(stage);
  const replaced = await stage.until(() => watch.lords.some((index) => index !== 0), lasts);
  const replacedAfter = replaced ? (Date.now() - fromMs) / 1000 : null;
  await delay(Math.max(0, fromMs + lasts * 1000 - Date.now()), { signal });
  const lordUntilMs = watch.lordUntilMs(0);
  await end(stage);
  return { fromMs, toMs: Date.now(), replacedAfter, lordUntilMs };
}

/** Since when all is right, and stays so for a tolerance; undefined when it is not by the deadline. */
async function lastingRight(
  stage: Stage,
  deadlineMs: number,
  toleranceSeconds: number,
): Promise<number | undefined> {
  while (await stage.until(() => stage.isRight, (deadlineMs - Date.now()) / 1000)) {
    const rightMs = Date.now();
    if (!await stage.until(() => !stage.isRight, toleranceSeconds)) return rightMs;
  }
}

async function twoLordsByHooks(
  { diaries }: Stage,
  { toMs, lordUntilMs }: FaultCourse,
  span: Span,
): Promise<number> {
  const reigns = await Promise.all(diaries.map((diary) => diary.reigns()));
  // A stopped process writes nothing down, and does nothing as lord either.
  reigns[0] = without(reigns[0], { fromMs: lordUntilMs, toMs });
  return secondsWith(stepsOf(reigns.flat()), span, (lords) => lords > 1);
}

function logsOf({ nodes }: Stage): string[] {
  return nodes.flatMap(({ name, lines }) => lines.map((line) => `${name}  ${line}`));
}
