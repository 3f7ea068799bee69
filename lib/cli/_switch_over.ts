import { parseSeconds } from "../base/number.ts";
import type { StandBackKind } from "../base/stand_back_kind.ts";
import { obstacleTo } from "../move/obstacle.ts";
import type { KeptAddress } from "../move/provider.ts";
import { lordAddressesIn } from "../node/configuration.ts";
import type { NodeStats } from "../status/node_stats.ts";
import type { LegionStats, Stats } from "../status/report.ts";
import type { NodeHere } from "./_control.ts";
import { exitStatus } from "./exit_status.ts";
import { printErrorLine, printLine } from "./print.ts";
import { ProgressLine } from "./progress.ts";
import { Stopwatch } from "./stopwatch.ts";
import { UsageError } from "./usage_error.ts";
import { type LordWait, type LordWaitResult, waitForLord } from "./_wait_for_lord.ts";

/** The settings of a drain or handover. */
export interface SwitchOver {
  /** The subcommand, for messages. */
  readonly name: "drain" | "handover";
  /** The node to drain. */
  readonly node: NodeHere;
  /** The time after which the drain ends by itself, in seconds; undefined: never. */
  readonly forSeconds?: number;
  /** The longest wait for another lord, in milliseconds; undefined: a minute and the deadline. */
  readonly timeoutMs?: number;
  /** Whether to go on where nobody could take over; a drain then stands back also when nobody does. */
  readonly force: boolean;
  /** Whether to print one JSON object instead of words. */
  readonly json: boolean;
}

/** The part of a subcommand's help about its exit status. */
export const switchOverExitHelp =
  `Exit status: 0 another node is lord; 1 no node runs here, or it refused; 2 wrong
usage or configuration, nothing was done; 75 nobody could take over, or nobody
did in time: try again later.
`;

const signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
const leastWaitMs = 60_000;

/**
 * Drains the node here, waits until another is lord, and prints the result, which is also the exit
 * status; a handover then resumes the node. Where nobody takes over the node is resumed as well, but
 * for a drain with `force`, or where the node was drained before.
 *
 * @throws NoNode or ControlRefusal when the node is gone or refuses
 */
export async function switchOver(over: SwitchOver): Promise<number> {
  const stopwatch = new Stopwatch();
  const { name, node, force, forSeconds } = over;
  const before = meant(node, await node.ask({ do: "status" }));
  const needless = whyNot(over, before);
  if (needless !== undefined) return tell(over, needless);
  const obstacle = force ? undefined : await obstacleNow(over, before);
  if (obstacle !== undefined) return tell(over, { ...obstacle, seconds: stopwatch.seconds });
  const stays = name === "drain" && force || before.some(({ drained }) => drained !== null);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  try {
    await node.ask({ do: "drain", forSeconds });
    const isHopeless = (legion: LegionStats) => !stays && !legion.roster.some(mayTakeOver);
    const waited = await wait(over, before, { isHopeless, signal: interrupted.signal });
    const { seconds } = stopwatch;
    if (waited !== undefined && waited.missing === undefined) {
      return tell(over, { ...await done(over, waited), seconds });
    }
    if (!stays) await node.ask({ do: "resume" });
    const what = waited === undefined ? "interrupted" : `nobody took over: ${waited.missing}`;
    const standsBack = stays && !waited?.isOver;
    const rest = standsBack
      ? `this node stands back ${untilWhen(forSeconds)}`
      : "this node is resumed";
    const outcome = waited === undefined ? "interrupted" : "nobody took over";
    return tell(over, { code: exitStatus.tryAgain, outcome, message: `${what}; ${rest}`, seconds });
  } catch (error) {
    // After any error the node is resumed, so that the address is not left without a lord.
    if (!stays) await node.ask({ do: "resume" }).catch(() => {});
    throw error;
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
  }
}

/** The reason to do nothing; undefined: go on. */
function whyNot({ name, force }: SwitchOver, before: readonly LegionStats[]): Told | undefined {
  const drained = before.filter((each) => each.drained !== null);
  if (name === "handover" && drained.length > 0) {
    const by = drained.map((each) => `${each.legion} is drained by ${each.drained?.by} already`);
    const message = `${by.join("; ")}: see failover resume`;
    return { code: exitStatus.failed, outcome: "refused", message };
  }
  if (name === "handover" && before.every((each) => !hasTitle(each) && each.lords.length > 0)) {
    const message = `${lordsOf(before)}; nothing to do`;
    return { code: exitStatus.done, outcome: "nothing to do", message };
  }
  // A node without a lord may be the one that is elected next, if it does not stand back.
  const isMissed = (each: LegionStats) => each.lords.length === 0 && each.drained === null;
  const alone = before.filter((each) =>
    (hasTitle(each) || isMissed(each)) && !each.roster.some(mayTakeOver)
  );
  if (alone.length === 0 || force) return undefined;
  return refused(`nobody is there to take ${alone.map(({ legion }) => legion).join(" and ")} over`);
}

/** Whether another node may be lord: one that only takes the title from nobody may once it is free. */
function mayTakeOver({ is_this, role, valor, stands_back }: NodeStats): boolean {
  if (is_this || role === "unknown") return false;
  const passing: readonly StandBackKind[] = ["holding back", "flapping"];
  return valor > 0 || stands_back.length > 0 && stands_back.every((kind) => passing.includes(kind));
}

/** The reason why no other server could take the addresses now; undefined: none is known. */
async function obstacleNow(
  { node }: SwitchOver,
  before: readonly LegionStats[],
): Promise<Told | undefined> {
  using line = new ProgressLine();
  for (const address of addressesOf(node, before.filter(hasTitle))) {
    line.show(`may ${address.ip} be moved now? The ${address.title} is asked`);
    const obstacle = await obstacleTo(address);
    if (obstacle !== undefined) return refused(obstacle);
  }
}

function refused(why: string): Told {
  const message = `${why}; nothing was done: try again later, or go on with --force`;
  return { code: exitStatus.tryAgain, outcome: "refused", message };
}

/** Ends a switch-over after which another is lord: a handover lets this node return. */
async function done(
  { name, node, forSeconds }: SwitchOver,
  { stats, notes }: LordWaitResult,
): Promise<Told> {
  const legions = meant(node, stats);
  const isHandover = name === "handover";
  if (isHandover) await node.ask({ do: "resume" });
  const rest = isHandover
    ? "this node is resumed"
    : `this node stands back ${untilWhen(forSeconds)}`;
  return {
    code: exitStatus.done,
    outcome: "done",
    message: `${lordsOf(legions)}; ${rest}`,
    notes: [...notes, ...isHandover ? takesBack(node, legions) : []],
    lords: Object.fromEntries(legions.map(({ legion, lords }) => [legion, lords])),
  };
}

/** Waits for another lord; undefined when interrupted. */
async function wait(
  { node, timeoutMs }: SwitchOver,
  before: readonly LegionStats[],
  { isHopeless, signal }: Pick<LordWait, "isHopeless" | "signal">,
): Promise<LordWaitResult | undefined> {
  const wereLord = before.filter(hasTitle);
  const { config, trouble } = node.config();
  const addresses = addressesOf(node, wereLord);
  const takeoverMs = Math.max(0, ...addresses.map(({ deadlineMs }) => deadlineMs));
  using line = new ProgressLine();
  try {
    const waited = await waitForLord({
      ask: () => node.ask({ do: "status" }),
      legions: before.map(({ legion }) => legion),
      addresses,
      timeoutMs: timeoutMs ?? leastWaitMs + takeoverMs,
      signal,
      isHopeless,
      tell: (what) => line.show(what),
    });
    if (config !== undefined) return waited;
    const ips = wereLord.flatMap(({ addresses }) => addresses.map(({ ip }) => ip));
    const unseen = ips.map((ip) => `where ${ip} points was not looked at: ${trouble}`);
    return { ...waited, notes: [...waited.notes, ...unseen] };
  } catch (error) {
    if (!signal.aborted) throw error;
    return undefined;
  }
}

/** The addresses that the lord hooks of these legions move. */
function addressesOf(node: NodeHere, legions: readonly LegionStats[]): KeptAddress[] {
  const { config } = node.config();
  return (config === undefined ? [] : lordAddressesIn(config))
    .filter(({ legion }) => legions.some((stats) => stats.legion === legion.name))
    .map(({ address }) => address);
}

function hasTitle({ state }: LegionStats): boolean {
  return state === "lord" || state === "taking over";
}

function lordsOf(legions: readonly LegionStats[]): string {
  return legions.map(({ legion, lords }) => `${lords.join(", ")} is lord of ${legion}`).join("; ");
}

function meant({ legions }: NodeHere, stats: Stats): LegionStats[] {
  return stats.legions.filter(({ legion }) => legions.includes(legion));
}

function untilWhen(forSeconds: number | undefined): string {
  return forSeconds === undefined ? "until failover resume" : `for ${forSeconds} s`;
}

function takesBack(node: NodeHere, stats: readonly LegionStats[]): string[] {
  const { config } = node.config();
  return (config?.legions ?? []).flatMap(({ name, failback, valor }) => {
    const legion = stats.find((each) => each.legion === name);
    const lord = legion?.members.find((member) => legion.lords.includes(member.name));
    if (lord === undefined || failback.kind !== "immediate" || lord.valor >= valor) return [];
    return [`this node outranks ${lord.name} and takes ${name} back at once: see legion-failback`];
  });
}

/** The result to print. */
interface Told {
  readonly code: number;
  /** For `--json`. */
  readonly outcome: "done" | "nothing to do" | "refused" | "nobody took over" | "interrupted";
  readonly message: string;
  readonly notes?: readonly string[];
  readonly lords?: Readonly<Record<string, readonly string[]>>;
  readonly seconds?: number;
}

function tell({ name, json }: SwitchOver, told: Told): number {
  const { code, outcome, message, notes = [], lords = {}, seconds = 0 } = told;
  if (json) {
    printLine(JSON.stringify({ outcome, lords, message, notes, seconds }));
  } else {
    for (const note of notes) printErrorLine(`note: ${note}`);
    if (code === exitStatus.done) printLine(`${message} (${seconds.toFixed(1)} s)`);
    else printErrorLine(`failover ${name}: ${message}`);
  }
  return code;
}

/**
 * Reads the seconds of `--timeout` as milliseconds; undefined when not given.
 *
 * @throws UsageError when the text is no number of seconds
 */
export function timeoutMsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return parseSeconds(text);
  } catch (error) {
    throw new UsageError(`--timeout: ${(error as Error).message}`);
  }
}
