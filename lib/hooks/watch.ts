import { delay } from "@std/async/delay";
import { sameAddress } from "../base/ip_address.ts";
import type { Failover } from "../robot/failover.ts";
import type { HookContext } from "./action.ts";
import { type FailoveripSettings, route } from "./hetzner_failoverip.ts";
import { look } from "./_look.ts";

/** What the watch needs of the action's settings (API.md, "The action"). */
export interface WatchSettings extends FailoveripSettings {
  /** Between two looks; 0: never. */
  readonly verifyMs: number;
  /** Take the address back when it points elsewhere. */
  readonly reclaim: boolean;
}

type WatchContext = Pick<HookContext, "signal" | "recheck" | "log" | "seen" | "guard">;

/** How to wait; a test has a clock of its own. */
export type Wait = (ms: number, options: { signal: AbortSignal }) => Promise<void>;

// A switch that somebody makes by hand, or this node has just made, shows with a delay.
const confirmMs = 10_000;

/**
 * Looks again and again where a failover address points while this node is lord, and takes it back
 * when it points elsewhere and still does 10 s later: a lord that could not be heard for a while
 * keeps its title, and the node that took the address from it keeps the address.
 *
 * Ends when the context's signal is aborted; nothing is sent afterwards. Nor is anything sent once a
 * login has failed, or before a quota that is used up has passed.
 */
export async function watch(
  settings: WatchSettings,
  context: WatchContext,
  wait: Wait = delay,
): Promise<void> {
  const { verifyMs, ip, activeServerIp } = settings;
  const { signal, log } = context;
  if (verifyMs === 0) return;
  try {
    for (;;) {
      await wait(verifyMs, { signal });
      if (!await isSeenElsewhere()) continue;
      await wait(confirmMs, { signal });
      if (await isSeenElsewhere(true)) await takeBack(settings, context);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }

  async function isSeenElsewhere(still = false): Promise<boolean> {
    const seen = await look(settings, context);
    if ("problem" in seen) {
      // The reason not to ask was told when it came about.
      if (seen.code !== "NOT_ASKED") {
        log("warn", `where ${ip} points is not known: ${seen.problem}`);
      }
      return false;
    }
    if (!isElsewhere(seen, activeServerIp)) return false;
    if (still) log("warn", `${ip} points ${where(seen)}, and this node is the lord`);
    return true;
  }
}

/** Whatever comes of it, the next look shows. */
async function takeBack(settings: WatchSettings, context: WatchContext): Promise<void> {
  if (!settings.reclaim) return;
  const refusal = context.guard.refusal(settings, "switch");
  if (refusal !== undefined) {
    return context.log("error", `${settings.ip} could not be taken back: ${refusal}`);
  }
  const result = await route(settings, context);
  if (!("code" in result)) return;
  const { outcome, code } = result;
  context.log("error", `${settings.ip} could not be taken back: ${outcome}: ${code}`);
}

function isElsewhere({ activeServerIp, status }: Failover, wanted: string): boolean {
  if (status === "processing") return false;
  return activeServerIp === null || !sameAddress(activeServerIp, wanted);
}

function where({ activeServerIp }: Failover): string {
  return activeServerIp === null ? "nowhere" : `to ${activeServerIp}`;
}
