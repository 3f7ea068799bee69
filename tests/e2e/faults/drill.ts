import { delay } from "@std/async/delay";
import { errorMessage } from "../../../lib/base/error_message.ts";
import type { Lan } from "../../lab/lan.ts";
import { mendLinks } from "./firewall.ts";
import { nodeName } from "./_plan.ts";
import { secondsWith, type Span, stepsOf, without } from "./lords_over_time.ts";
import type { Before, Scenario } from "./scenario.ts";
import type { Settings } from "./settings.ts";
import { setStage, type Stage } from "./stage.ts";

/** The outcome of a drill. All numbers but those of samples are seconds. */
export interface Outcome {
  readonly scenario: string;
  /** How long the fault lasted. */
  readonly fault: number;
  /** The time with two lords or more that said `guarantee: lease`, by samples of their status. */
  readonly bothLease: number;
  /** The time with two lords or more, whatever they said, by the same samples. */
  readonly twoLordsByStatus: number;
  /** The same, by the nodes' hooks. */
  readonly twoLordsByHooks: number;
  /** The time without a lord, from the fault's beginning until all was right again. */
  readonly noLord: number;
  /** How long after the beginning of the fault another was lord; null: none was. */
  readonly replacedAfter: number | null;
  /** How long after the fault the address was with the right node for good; null: too long. */
  readonly rightAfter: number | null;
  readonly samples: number;
  /** The figures of the first cut of the rules, at freq 1; null: none were measured. */
  readonly before: Before | null;
  /** The findings that are not as they have to be; empty: all is well. */
  readonly wrong: readonly string[];
  /** The nodes' logs. */
  readonly logs: readonly string[];
}

/** The means and the settings of a drill. */
export interface DrillOptions {
  readonly lan: Lan;
  readonly settings: Settings;
  readonly signal: AbortSignal;
}

/** Holds one drill, with nodes of its own. */
export async function drill(scenario: Scenario, options: DrillOptions): Promise<Outcome> {
  const { lan, settings, signal } = options;
  const plans = scenario.plans?.(settings) ?? [{}, {}, {}];
  const longest = Math.max(
    ...plans.map((plan) => plan?.toleranceSeconds ?? settings.toleranceSeconds),
  );
  const patience = 20 + 3 * longest;
  const ownClock = scenario.ownClock === true;
  await using stage = await setStage({ lan, settings, plans, signal, ownClock });
  try {
    return await held(scenario, stage, { ...options, patience });
  } catch (error) {
    throw new Error(`${errorMessage(error)}\n${logsOf(stage).join("\n")}`, { cause: error });
  } finally {
    await mendLinks(lan);
  }
}

/** Holds a drill on a stage; `patience` is how long its nodes may take to be ready, in seconds. */
async function held(
  scenario: Scenario,
  stage: Stage,
  { settings, signal, patience }: DrillOptions & { readonly patience: number },
): Promise<Outcome> {
  const { says = "lease", right = 0, rightWithin, noLordAtMost } = scenario;
  const { toleranceSeconds } = settings;
  const { watch } = stage;
  if (!await stage.until(() => stage.isRight(0), patience)) {
    throw new Error("server-1 does not become lord");
  }
  await scenario.prepare?.(stage);
  const saysOther = () => stage.servers.filter((server) => watch.said(server)?.guarantee !== says);
  await stage.until(() => saysOther().length === 0, patience);
  const misled = saysOther().map((server) => {
    const { guarantee = "nothing", why = "" } = watch.said(server) ?? {};
    return `${nodeName(server)} says ${guarantee}${why && `: ${why}`}`;
  });

  const fault = await withFault(scenario, stage, signal);
  const within = rightWithin?.(settings) ?? 5 * toleranceSeconds;
  const server = right === "any" ? undefined : right;
  // Of two lords the last to ask has the address, and the other takes it back when it looks next.
  const isRight = () => says === "lease" ? stage.isRight(server) : stage.isLord(server);
  const rightMs = await lastingRight(stage, isRight, fault.toMs + within * 1000);

  const span = { fromMs: fault.fromMs, toMs: Date.now() };
  const { steps, leaseSteps } = watch;
  const rightAfter = rightMs === undefined ? null : (rightMs - fault.toMs) / 1000;
  const two = (lords: number) => lords > 1;
  const found = {
    fault: (fault.toMs - fault.fromMs) / 1000,
    bothLease: secondsWith(leaseSteps, span, two),
    twoLordsByStatus: secondsWith(steps, span, two),
    twoLordsByHooks: await twoLordsByHooks(stage, fault, span),
    noLord: secondsWith(steps, { ...span, toMs: rightMs ?? span.toMs }, (lords) => lords === 0),
    replacedAfter: fault.replacedAfter,
    rightAfter,
    samples: steps.filter(({ atMs }) => atMs >= span.fromMs).length,
    before: scenario.before ?? null,
  };
  const isSame = found.replacedAfter === null;
  const wrong = [
    ...misled,
    ...found.bothLease > 0 ? ["two lords, and both say lease"] : [],
    ...says === "lease" && found.twoLordsByStatus > 0 ? ["two lords"] : [],
    ...found.noLord > (noLordAtMost?.(settings) ?? Infinity) ? ["no lord for too long"] : [],
    ...scenario.replaced === true && isSame ? ["the lord was not replaced"] : [],
    ...scenario.replaced === false && !isSame ? ["the lord was replaced"] : [],
    ...rightAfter === null ? [whoHas(stage)] : [],
  ];
  return { scenario: scenario.name, ...found, wrong, logs: logsOf(stage) };
}

interface FaultCourse extends Span {
  readonly replacedAfter: number | null;
  /** When the first node's lease ended, should it have been silent; -Infinity: it was not lord. */
  readonly lordUntilMs: number;
}

async function withFault(
  { begin, end, seconds }: Scenario,
  stage: Stage,
  signal: AbortSignal,
): Promise<FaultCourse> {
  const { watch, settings } = stage;
  const fromMs = Date.now();
  const before = watch.lords;
  const endsMs = fromMs + seconds(settings) * 1000;
  let replacedAfter: number | null = null;
  const replaced = stage.until(() => {
    if (watch.lords.every((server) => before.includes(server))) return false;
    replacedAfter = (Date.now() - fromMs) / 1000;
    return true;
  }, seconds(settings));
  await Promise.all([begin(stage), replaced]);
  await delay(Math.max(0, endsMs - Date.now()), { signal });
  const lordUntilMs = watch.lordUntilMs(0);
  await end(stage);
  return { fromMs, toMs: Date.now(), replacedAfter, lordUntilMs };
}

/** Since when all is right, and stays so for a tolerance; undefined when it is not by the deadline. */
async function lastingRight(
  stage: Stage,
  isRight: () => boolean,
  deadlineMs: number,
): Promise<number | undefined> {
  while (await stage.until(isRight, (deadlineMs - Date.now()) / 1000)) {
    const rightMs = Date.now();
    if (!await stage.until(() => !isRight(), stage.settings.toleranceSeconds)) return rightMs;
  }
}

async function twoLordsByHooks(
  { diaries }: Stage,
  { toMs, lordUntilMs }: FaultCourse,
  span: Span,
): Promise<number> {
  const reigns = await Promise.all(diaries.map((diary) => diary.reigns()));
  // A stopped process writes nothing down, and does nothing as lord either.
  const silentMs = lordUntilMs === -Infinity ? Infinity : lordUntilMs;
  reigns[0] = without(reigns[0], { fromMs: silentMs, toMs });
  return secondsWith(stepsOf(reigns.flat()), span, (lords) => lords > 1);
}

function whoHas({ watch, robot }: Stage): string {
  const lords = watch.lords.map(nodeName).join(", ") || "nobody";
  return `lord: ${lords}; the address points to ${robot.activeServerIp}`;
}

function logsOf({ processes }: Stage): string[] {
  return processes.flatMap(({ name, lines }) => lines.map((line) => `${name}  ${line}`));
}
