import { delay } from "@std/async/delay";
import { sameAddress } from "../robot/addresses.ts";
import { getFailover } from "../robot/client.ts";
import { RobotError } from "../robot/errors.ts";
import type { Failover } from "../robot/failover.ts";
import type { HookContext } from "./action.ts";
import { type FailoveripSettings, route } from "./hetzner_failoverip.ts";
import { sightOf } from "./_sight.ts";

/** What the watch needs of the action's settings (robot-api, "The action"). */
export interface WatchSettings extends FailoveripSettings {
  /** Between two looks; 0: never. */
  readonly verifyMs: number;
  /** Take the address back when it points elsewhere. */
  readonly reclaim: boolean;
}

type WatchContext = Pick<HookContext, "signal" | "log" | "seen">;

/** How to wait; a test has a clock of its own. */
export type Wait = (ms: number, options: { signal: AbortSignal }) => Promise<void>;

// A switch that somebody makes by hand, or this node has just made, shows with a delay.
const confirmMs = 10_000;

/**
 * Looks again and again where a failover address points while this node is lord, and takes it back
 * when it points elsewhere and still does 10 s later: a lord that could not be heard for a while
 * keeps its title, and the node that took the address from it keeps the address.
 *
 * Ends when the context's signal is aborted, or the Robot refuses the login; nothing is sent
 * afterwards.
 */
export async function watch(
  settings: WatchSettings,
  context: WatchContext,
  wait: Wait = delay,
): Promise<void> {
  const { verifyMs, reclaim, ip, activeServerIp } = settings;
  const { signal, log } = context;
  if (verifyMs === 0) return;
  try {
    for (let waitMs = verifyMs;;) {
      await wait(waitMs, { signal });
      const trouble = await verify();
      // A login that failed is never repeated: the third blocks this machine's address.
      if (trouble?.code === "UNAUTHORIZED") return log("error", `${ip} is no longer watched`);
      waitMs = Math.max(verifyMs, trouble?.intervalMs ?? 0);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }

  async function verify(): Promise<Trouble | undefined> {
    for (const waitMs of [0, confirmMs]) {
      if (waitMs > 0) await wait(waitMs, { signal });
      const seen = await look(settings, context);
      if (seen instanceof RobotError) return seen;
      if (!isElsewhere(seen, activeServerIp)) return;
      if (waitMs > 0) log("warn", `${ip} points ${where(seen)}, and this node is the lord`);
    }
    if (!reclaim) return;
    const result = await route(settings, context);
    if (!("code" in result)) return;
    log("error", `${ip} could not be taken back: ${result.outcome}: ${result.code}`);
    const seconds = result.outcome === "refused" ? 0 : result.retryAfterSeconds ?? 0;
    return { code: result.code, intervalMs: seconds * 1000 };
  }
}

interface Trouble {
  readonly code: string;
  /** Nothing may be asked before this has passed. */
  readonly intervalMs?: number;
}

async function look(
  settings: WatchSettings,
  { signal, log, seen }: WatchContext,
): Promise<Failover | RobotError> {
  const { ip, activeServerIp: wanted } = settings;
  try {
    const failover = await getFailover(settings, { signal });
    seen(sightOf(settings, failover.activeServerIp));
    return failover;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RobotError)) throw error;
    const problem = `${error.code}: ${error.message}`;
    seen({ ip, wanted, problem });
    log("warn", `where ${ip} points is not known: ${problem}`);
    return error;
  }
}

function isElsewhere({ activeServerIp, status }: Failover, wanted: string): boolean {
  if (status === "processing") return false;
  return activeServerIp === null || !sameAddress(activeServerIp, wanted);
}

function where({ activeServerIp }: Failover): string {
  return activeServerIp === null ? "nowhere" : `to ${activeServerIp}`;
}
