import { delay } from "@std/async/delay";
import type { MoveContext } from "./context.ts";
import { look } from "./look.ts";
import { isAt, type KeptAddress, pointsWhere } from "./provider.ts";
import { routeHere } from "./route_here.ts";

/** How to wait; a test has a clock of its own. */
export type Wait = (ms: number, options: { signal: AbortSignal }) => Promise<void>;

/**
 * How long an address that points elsewhere is given before it is taken back, in milliseconds: a
 * switch that somebody makes by hand, or this node has just made, shows with a delay.
 */
export const confirmMs = 10_000;

/**
 * Looks again and again where an address points while this node is lord, and takes it back when it
 * points elsewhere and still does 10 s later: a lord that could not be heard for a while keeps its
 * title, and the node that took the address from it keeps the address.
 *
 * Ends when the context's signal is aborted; nothing is sent afterwards. Neither is anything sent
 * once a login has failed, or before a quota that is used up has passed.
 */
export async function watch(
  address: KeptAddress,
  context: MoveContext,
  wait: Wait = delay,
): Promise<void> {
  const { verifyMs, ip, wanted } = address;
  const { signal, log } = context;
  if (verifyMs === 0) return;
  try {
    for (;;) {
      await wait(verifyMs, { signal });
      if (!await isSeenElsewhere()) continue;
      await wait(confirmMs, { signal });
      if (await isSeenElsewhere(true)) await takeBack(address, context);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }

  async function isSeenElsewhere(still = false): Promise<boolean> {
    const seen = await look(address, context);
    if ("problem" in seen) {
      // The reason not to ask was told when it came about.
      if (seen.code !== "NOT_ASKED") {
        log("warn", `where ${ip} points is not known: ${seen.problem}`);
      }
      return false;
    }
    if (seen.status === "processing" || isAt(address, seen.pointsTo, wanted)) return false;
    if (still) log("warn", `${pointsWhere({ ...seen, ip })}, and this node is the lord`);
    return true;
  }
}

/** Whatever comes of it, the next look shows. */
async function takeBack(address: KeptAddress, context: MoveContext): Promise<void> {
  const { ip, account, reclaim } = address;
  if (!reclaim) return;
  const refusal = context.guard.refusal(account, "switch");
  if (refusal !== undefined) {
    return context.log("error", `${ip} could not be taken back: ${refusal}`);
  }
  const result = await routeHere(address, context);
  if (!("code" in result)) return;
  const { outcome, code } = result;
  context.log("error", `${ip} could not be taken back: ${outcome}: ${code}`);
}
