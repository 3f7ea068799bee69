import type { ProbeContext, ProbeResult } from "./probe.ts";

/** The words for a probe that did not pass. */
export interface Words {
  /** The output where the time was over. */
  readonly late: () => string;
  /** The output where the question failed by itself. */
  readonly failed: (error: unknown) => string;
}

/**
 * Asks a server, and ends that when the time of a probe is over, or nobody wants its result any more.
 *
 * @param ask asks until its signal is aborted, and returns the output of a probe that passed; rejects
 * where it did not pass
 */
export async function inTime(
  { timeoutMs, signal }: ProbeContext,
  ask: (signal: AbortSignal) => Promise<string>,
  { late, failed }: Words,
): Promise<ProbeResult> {
  const end = new AbortController();
  const cancel = () => end.abort();
  const timer = setTimeout(cancel, timeoutMs);
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    end.signal.throwIfAborted();
    return { ok: true, output: await ask(end.signal) };
  } catch (error) {
    const output = signal.aborted ? "called off" : end.signal.aborted ? late() : failed(error);
    return { ok: false, output };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
  }
}
