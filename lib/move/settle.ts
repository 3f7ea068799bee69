import { delay } from "@std/async/delay";
import type { MoveContext } from "./context.ts";
import { inSteps } from "./_in_steps.ts";
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
 * become rarer, and go on until the address is here; the end of a maintenance is noticed within a
 * minute.
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
  const { signal, guard } = context;
  const pace = { ...address.pace, maxMoves: Math.min(maxMoves, address.pace.maxMoves) };
  await inSteps(firstMs, { signal, wait }, async (waitedMs) => {
    const longestMs = await step();
    if (longestMs === undefined) return undefined;
    const isScarce = guard.looks(address.account).scarcity(address) !== undefined;
    const longerMs = Math.min(Math.max(3 * waitedMs, settleMs), maxMs);
    return Math.min(longerMs, isScarce ? maxMs : longestMs);
  });

  /** Looks, and moves what is elsewhere; the longest wait before the next; undefined: it is here. */
  async function step(): Promise<number | undefined> {
    if (address.isBlind) {
      return await takeBack({ ...address, pace }, context, false) ? undefined : maxMs;
    }
    const found = await lookTogether(address, context);
    if ("problem" in found) {
      tellUnknown(address, found, context);
      const { error } = found;
      const isMaintenance = error !== undefined && address.meaning(error) === "maintenance";
      return isMaintenance ? pace.maintenance.maxMs : maxMs;
    }
    if (found.status === "processing") return maxMs;
    const isHere = isAt(address, found.pointsTo, address.wanted);
    if (isHere || await takeBack({ ...address, pace }, context, false)) return undefined;
    // The end of the others' takeovers may make room for this one.
    return guard.moves(address).isBusy ? settleMs : maxMs;
  }
}
