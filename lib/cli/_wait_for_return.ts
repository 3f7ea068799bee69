import { delay } from "@std/async/delay";
import { secondsOf } from "../base/seconds_of.ts";
import { NoNode } from "../node/control_client.ts";
import type { LegionStats, Stats } from "../status/report.ts";

/** The settings of a wait for the next process of a node. */
export interface ReturnWait {
  /** Asks the node for its state; throws NoNode while none runs. */
  readonly ask: () => Promise<Stats>;
  /** The state of the node just before its process ended. */
  readonly before: Stats;
  /** The moment when the process was asked to end, as by `performance.now()`. */
  readonly askedMs: number;
  /** The longest wait, in milliseconds. */
  readonly timeoutMs: number;
  /** Told in words what is still missing. */
  readonly tell: (what: string) => void;
}

/** The part of a node in one of its legions after a restart. */
export interface LegionReturn {
  /** The legion's name. */
  readonly legion: string;
  /**
   * `same`: the node is again what it was; `new`: it is, under another uuid, since it is not
   * remembered as the same node; `lost`: another node has become lord; `gone`: the legion is no
   * longer in the configuration; `missing`: none of these in time.
   */
  readonly kind: "same" | "new" | "lost" | "gone" | "missing";
  /** The part in words: `lord of failover again`. */
  readonly what: string;
  /** How long it took from the request for the restart, in seconds with three decimals. */
  readonly seconds: number;
}

const askEachMs = 25;

/**
 * Waits until the next process of a node is, in each legion, what the one before it was: lord again,
 * or a voter that supports again. The end of a wait for a lord is also that another has become lord.
 *
 * @returns each legion's part, in the order of before
 */
export async function waitForReturn(wait: ReturnWait): Promise<LegionReturn[]> {
  const { before, askedMs, timeoutMs, tell } = wait;
  const found = new Map<string, LegionReturn>();
  for (;;) {
    const nowMs = performance.now();
    const stats = await newStats(wait, nowMs);
    for (const was of before.legions) {
      if ((found.get(was.legion)?.kind ?? "missing") !== "missing") continue;
      const is = stats?.legions.find(({ legion }) => legion === was.legion);
      const seconds = secondsOf(performance.now() - askedMs);
      found.set(was.legion, { legion: was.legion, seconds, ...partOf(was, is, stats) });
    }
    const returns = [...found.values()];
    const missing = returns.filter(({ kind }) => kind === "missing");
    if (missing.length === 0 || nowMs - askedMs >= timeoutMs) return returns;
    tell(missing[0].what);
    await delay(askEachMs);
  }
}

/** The state of the new process; undefined while it does not answer. */
async function newStats(
  { ask, askedMs }: ReturnWait,
  nowMs: number,
): Promise<Stats | undefined> {
  try {
    const stats = await ask();
    // The process id says nothing: in a container each process of a node may have the same one.
    return stats.uptime_seconds * 1000 < nowMs - askedMs ? stats : undefined;
  } catch (error) {
    if (error instanceof NoNode) return undefined;
    throw error;
  }
}

function partOf(
  was: LegionStats,
  is: LegionStats | undefined,
  stats: Stats | undefined,
): Pick<LegionReturn, "kind" | "what"> {
  const { legion } = was;
  if (stats === undefined) return { kind: "missing", what: "nothing has started the node again" };
  if (is === undefined) {
    return { kind: "gone", what: `${legion} is no longer in the configuration` };
  }
  const { state, supports, lords, name, why_not_lord } = is;
  const kind = is.uuid === was.uuid ? "same" : "new";
  if (hasTitle(was)) {
    if (state === "lord") return { kind, what: `lord of ${legion} again` };
    const other = lords.find((lord) => lord !== name);
    if (other !== undefined && !hasTitle(is)) {
      return { kind: "lost", what: `${other} has become lord of ${legion}` };
    }
    return { kind: "missing", what: `${legion}: this node is not lord again: ${why_not_lord}` };
  }
  const isBack = was.state === "listening" ||
    (state !== "listening" && state !== "stopping" && (supports !== "" || was.supports === ""));
  if (!isBack) return { kind: "missing", what: `${legion}: ${why_not_lord}` };
  // A node that voted may have been elected meanwhile.
  const part = state === "lord" ? "lord of" : `${state} in`;
  return { kind, what: `${part} ${legion}${state === was.state ? " again" : ""}` };
}

function hasTitle({ state }: LegionStats): boolean {
  return state === "lord" || state === "taking over";
}
