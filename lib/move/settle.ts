import { delay } from "@std/async/delay";
import type { MoveContext } from "./context.ts";
import { look } from "./look.ts";
import { isAt, type KeptAddress } from "./provider.ts";
import { takeBack } from "./_take_back.ts";
import type { Wait } from "./watch.ts";

/** The first wait before a look, in milliseconds; each further one is three times as long. */
const firstMs = 10_000;
/** The longest wait before a look, in milliseconds. */
const maxMs = 300_000;

/**
 * Finds out where an address points that was only presumed to point here, and moves it here where
 * it does not, whatever `verify` and `reclaim` are: this is the end of a takeover. The looks become
 * rarer, and go on until one is answered.
 *
 * Ends when the context's signal is aborted; nothing is sent afterwards.
 */
export async function settle(
  address: KeptAddress,
  context: MoveContext,
  wait: Wait = delay,
): Promise<void> {
  const { signal } = context;
  try {
    for (let waitMs = firstMs;; waitMs = Math.min(3 * waitMs, maxMs)) {
      await wait(waitMs, { signal });
      const found = await look(address, context);
      if ("problem" in found || found.status === "processing") continue;
      if (!isAt(address, found.pointsTo, address.wanted)) await takeBack(address, context);
      return;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
