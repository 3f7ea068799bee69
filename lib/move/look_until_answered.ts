import { delay } from "@std/async/delay";
import type { MoveContext } from "./context.ts";
import { inSteps } from "./_in_steps.ts";
import { lookTogether } from "./look.ts";
import type { KeptAddress } from "./provider.ts";
import type { Wait } from "./watch.ts";

/** The first wait before a look, in milliseconds; each further one is three times as long. */
const firstMs = 60_000;
/** The longest wait before a look, in milliseconds: nodes share a quota of looks by the hour. */
const maxMs = 3_600_000;

/**
 * Looks where an address points until there is an answer, and nothing would keep it from being moved,
 * so that the problem of a look lasts in the status no longer than its cause. No request is sent
 * while the account must not be asked, or where a takeover may need what is left of the quota.
 *
 * Ends when the context's signal is aborted; nothing is sent afterwards.
 */
export async function lookUntilAnswered(
  address: KeptAddress,
  context: MoveContext,
  wait: Wait = delay,
): Promise<void> {
  const { account, isBlind } = address;
  if (isBlind) return;
  const { signal, guard } = context;
  await inSteps(firstMs, { signal, wait }, async (waitedMs) => {
    const mayLook = guard.refusal(account, "look") === undefined &&
      guard.looks(account).scarcity(address) === undefined;
    return mayLook && await isAnswered() ? undefined : Math.min(3 * waitedMs, maxMs);
  });

  async function isAnswered(): Promise<boolean> {
    const found = await lookTogether(address, context, true);
    return !("problem" in found) && found.obstacle === undefined;
  }
}
