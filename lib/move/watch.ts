import { delay } from "@std/async/delay";
import type { MoveContext } from "./context.ts";
import { lookTogether, tellUnknown } from "./look.ts";
import { isAt, type KeptAddress, pointsWhere } from "./provider.ts";
import { takeBack } from "./_take_back.ts";

/** Waits, and rejects when the signal is aborted; tests put in a clock of their own. */
export type Wait = (ms: number, options: { signal: AbortSignal }) => Promise<void>;

/**
 * The time given to an address that points elsewhere before it is taken back, in milliseconds: a
 * switch made by hand, or just made by this node, shows with a delay.
 */
export const confirmMs = 10_000;

/**
 * Looks again and again where an address points while this node is lord, and takes it back when it
 * points elsewhere and still does 10 s later. Otherwise a lord that was not heard for a while would
 * stay lord without the address, which another node had taken in the meantime.
 *
 * Ends when the context's signal is aborted; nothing is sent afterwards. Nothing is sent either once
 * a login has failed, before a used-up quota is free again, or where a takeover may need the rest of it.
 */
export async function watch(
  address: KeptAddress,
  context: MoveContext,
  wait: Wait = delay,
): Promise<void> {
  const { verifyMs, ip, wanted, reclaim, account } = address;
  const { signal, log, guard } = context;
  let isLeftOut = false;
  if (verifyMs === 0) return;
  try {
    for (;;) {
      await wait(verifyMs, { signal });
      if (mustLeaveOut() || !await isSeenElsewhere()) continue;
      await wait(confirmMs, { signal });
      if (await isSeenElsewhere(true) && reclaim) await takeBack(address, context, true);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }

  function mustLeaveOut(): boolean {
    const scarcity = guard.looks(account).scarcity(address);
    if (scarcity !== undefined && !isLeftOut) {
      log("warn", `where ${ip} points is not looked at for now: ${scarcity}`);
    }
    return isLeftOut = scarcity !== undefined;
  }

  async function isSeenElsewhere(still = false): Promise<boolean> {
    const seen = await lookTogether(address, context);
    if ("problem" in seen) {
      tellUnknown(address, seen, context);
      return false;
    }
    if (seen.status === "processing" || isAt(address, seen.pointsTo, wanted)) return false;
    if (still) log("warn", `${pointsWhere({ ...seen, ip })}, and this node is the lord`);
    return true;
  }
}
