import type { Wait } from "./watch.ts";

/**
 * Waits, and takes a step, again and again, until a step says that there is no other. Ends when the
 * signal is aborted; nothing is done afterwards.
 *
 * @param firstMs the wait before the first step, in milliseconds
 * @param step told how long the wait was, in milliseconds; says how long the next is to be, undefined:
 * there is none
 * @throws the error of a step, unless the signal is aborted
 */
export async function inSteps(
  firstMs: number,
  { signal, wait }: { readonly signal: AbortSignal; readonly wait: Wait },
  step: (waitedMs: number) => Promise<number | undefined>,
): Promise<void> {
  try {
    for (let waitMs: number | undefined = firstMs; waitMs !== undefined;) {
      await wait(waitMs, { signal });
      waitMs = await step(waitMs);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
