import { parseSeconds } from "../config/number.ts";
import { plainText } from "../robot/errors.ts";
import type { LegionState, LegionStats, Stats } from "../status/report.ts";
import type { NodeHere } from "./_control.ts";
import { exitStatus } from "./exit_status.ts";
import { print, printError } from "./print.ts";
import { ProgressLine } from "./_progress.ts";
import { actionsOf } from "./_robot_target.ts";
import { UsageError } from "./usage_error.ts";
import { type LordWaitResult, waitForLord } from "./_wait_for_lord.ts";

/** What becomes of the title of the node here. */
export interface SwitchOver {
  /** The subcommand, for messages. */
  readonly name: "drain" | "handover";
  readonly node: NodeHere;
  /** After which the drain ends by itself; undefined: never. */
  readonly forSeconds?: number;
  /** How long to wait for another lord; undefined: as long as a takeover may take. */
  readonly timeoutMs?: number;
  /** Stay out also when nobody takes over. */
  readonly force: boolean;
  /** As one JSON object, instead of words. */
  readonly json: boolean;
}

/** For the exit status of a subcommand's help. */
export const switchOverExitHelp =
  `Exit status: 0 another node is lord; 1 no node runs here, or it refused; 2 wrong usage or
configuration, nothing was done; 75 nobody took over in time.
`;

const signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
const leastWaitMs = 60_000;
const longestMessage = 2_000;

/**
 * Drains the node here, waits until another is lord, and tells; a handover resumes it then. Where
 * nobody takes over it is resumed as well, unless that was to be forced, or somebody had drained it
 * before.
 *
 * @throws NoNode or ControlRefusal
 */
export async function switchOver(over: SwitchOver): Promise<number> {
  const begunMs = performance.now();
  const { node, name, force, forSeconds } = over;
  const before = meant(node, await node.ask({ do: "status" }));
  const wasDrained = before.some(({ drained }) => drained !== null);
  if (wasDrained && name === "handover") {
    return tell(over, { code: exitStatus.failed, message: `${why(before)}: see failover resume` });
  }
  const others = before.filter(({ state, lords }) => isLordless(state) && lords.length > 0);
  if (name === "handover" && others.length === before.length) {
    return tell(over, { code: exitStatus.done, message: `${lordsOf(before)}; nothing to do` });
  }
  const nobody = before.flatMap(nobodyElse);
  if (nobody.length > 0 && !force) {
    const message = `${nobody.join("; ")}; nothing was done`;
    return tell(over, { code: exitStatus.tryAgain, message });
  }
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  try {
    await node.ask({ do: "drain", forSeconds });
    const waited = await wait(over, before, interrupted.signal);
    const seconds = (performance.now() - begunMs) / 1000;
    if (waited?.missing === undefined && waited !== undefined) return await done(waited, seconds);
    const what = waited === undefined ? "interrupted" : `nobody took over: ${waited.missing}`;
    const rest = force || wasDrained
      ? `this node stays out ${untilWhen(forSeconds)}`
      : "this node is resumed";
    if (!force && !wasDrained) await node.ask({ do: "resume" });
    return tell(over, { code: exitStatus.tryAgain, message: `${what}; ${rest}`, seconds });
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
  }

  async function done({ stats, notes }: LordWaitResult, seconds: number): Promise<number> {
    const legions = meant(node, stats);
    if (name === "handover") await node.ask({ do: "resume" });
    const now = name === "handover"
      ? "this node is resumed"
      : `this node stays out ${untilWhen(forSeconds)}`;
    return tell(over, {
      code: exitStatus.done,
      message: `${lordsOf(legions)}; ${now}`,
      notes: [...notes, ...name === "handover" ? takesBack(node, legions) : []],
      lords: Object.fromEntries(legions.map(({ legion, lords }) => [legion, lords])),
      seconds,
    });
  }
}

/** Undefined when it was interrupted. */
async function wait(
  { node, timeoutMs }: SwitchOver,
  before: readonly LegionStats[],
  signal: AbortSignal,
): Promise<LordWaitResult | undefined> {
  const wereLord = before.filter(({ state }) => !isLordless(state));
  const addresses = actionsOf(node.config)
    .filter(({ event, legion }) =>
      event === "lord" && wereLord.some((stats) => stats.legion === legion.name)
    )
    .map(({ action }) => action);
  const takeoverMs = Math.max(0, ...addresses.map(({ deadlineMs }) => deadlineMs));
  using line = new ProgressLine();
  try {
    return await waitForLord({
      ask: () => node.ask({ do: "status" }),
      legions: before.map(({ legion }) => legion),
      addresses,
      timeoutMs: timeoutMs ?? leastWaitMs + takeoverMs,
      signal,
      tell: (what) => line.show(what),
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    return undefined;
  }
}

function isLordless(state: LegionState): boolean {
  return state !== "lord" && state !== "taking over";
}

function lordsOf(legions: readonly LegionStats[]): string {
  return legions.map(({ legion, lords }) => `${lords.join(", ")} is lord of ${legion}`).join("; ");
}

function meant({ legions }: NodeHere, stats: Stats): LegionStats[] {
  return stats.legions.filter(({ legion }) => legions.some(({ name }) => name === legion));
}

/** It is better known before a lord is given up than after. */
function nobodyElse({ legion, state, members, quorum, name }: LegionStats): string[] {
  if (state !== "lord" || members.length >= Math.max(1, quorum)) return [];
  const there = `${members.length} present without ${name}, ${Math.max(1, quorum)} needed`;
  return [`nobody could take ${legion} over: ${there}`];
}

function why(legions: readonly LegionStats[]): string {
  return legions.filter(({ drained }) => drained !== null)
    .map(({ legion, drained }) => `${legion} is drained by ${drained?.by} already`).join("; ");
}

function untilWhen(forSeconds: number | undefined): string {
  return forSeconds === undefined ? "until failover resume" : `for ${forSeconds} s`;
}

function takesBack({ legions }: NodeHere, stats: readonly LegionStats[]): string[] {
  return legions.flatMap(({ name, failback, valor }) => {
    const legion = stats.find((each) => each.legion === name);
    const lord = legion?.members.find((member) => legion.lords.includes(member.name));
    if (lord === undefined || failback.kind !== "immediate" || lord.valor >= valor) return [];
    return [`this node outranks ${lord.name} and takes ${name} back at once: see legion-failback`];
  });
}

/** What is told at the end. */
interface Told {
  readonly code: number;
  readonly message: string;
  readonly notes?: readonly string[];
  readonly lords?: Readonly<Record<string, readonly string[]>>;
  readonly seconds?: number;
}

const outcomes: Record<number, string> = {
  [exitStatus.done]: "done",
  [exitStatus.failed]: "failed",
  [exitStatus.tryAgain]: "nobody took over",
};

function tell({ name, json }: SwitchOver, told: Told): number {
  const { code, notes = [], lords = {}, seconds = 0 } = told;
  // The names of other nodes come from outside: none of their characters may reach a terminal.
  const message = plainText(told.message, longestMessage);
  if (json) {
    print(`${JSON.stringify({ outcome: outcomes[code], lords, message, notes, seconds })}\n`);
  } else {
    for (const note of notes) printError(`note: ${note}\n`);
    if (code === exitStatus.done) print(`${message} (${seconds.toFixed(1)} s)\n`);
    else printError(`failover ${name}: ${message}\n`);
  }
  return code;
}

/** Reads `--timeout`. @throws UsageError */
export function timeoutMsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return parseSeconds(text);
  } catch (error) {
    throw new UsageError(`--timeout: ${(error as Error).message}`);
  }
}
