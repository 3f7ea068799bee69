import { delay } from "@std/async/delay";
import type { MoveContext } from "./context.ts";
import { lookTogether, tellUnknown } from "./look.ts";
import { isAt, type KeptAddress } from "./provider.ts";
import { takeBack } from "./_take_back.ts";
import type { Wait } from "./watch.ts";

/** The usual first wait before a look, in milliseconds; each further one is three times as long. */
export const settleMs = 10_000;
/** The longest wait before a look, in milliseconds. */
const maxMs = 300_000;

/**
 * The most requests for a switch after one look: the looks go on, and all nodes share the provider's
 * quota of an hour.
 */
const maxMoves = 2;

/**
 * Finds out where an address points of which the takeover did not tell, and moves it here where it
 * does not point here, whatever `verify` and `reclaim` are: this is the end of a takeover. The looks
 * become rarer, and go on until the address is here.
 *
 * Ends when the context's signal is aborted; nothing is sent afterwards.
 *
 * @param firstMs the wait before the first look, in milliseconds
 */
export async function settle(
  address: KeptAddress,
  context: MoveContext,
  wait: Wait = delay,
  firstMs: number = settleMs,
): Promise<void> {
  const { signal } = context;
  const pace = { ...address.pace, maxMoves: Math.min(maxMoves, address.pace.maxMoves) };
  try {
    const longer = (ms: number) => Math.min(Math.max(3 * ms, settleMs), maxMs);
    for (let waitMs = firstMs;; waitMs = longer(waitMs)) {
      await wait(waitMs, { signal });
      const found = await lookTogether(address, context);
      if ("problem" in found) {
        tellUnknown(address, found, context);
        continue;
      }
      if (found.status === "processing") continue;
      const isHere = isAt(address, found.pointsTo, address.wanted);
      if (isHere || await takeBack({ ...address, pace }, context, false)) return;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
