import { abortable } from "@std/async/abortable";
import { close } from "./close.ts";
import { within } from "./within.ts";

/** The means to open a connection to one of several places. */
export interface FirstOpenOptions<P, T> {
  /** The places, the best first; they may come one after the other. */
  readonly places: (signal: AbortSignal) => AsyncIterable<P>;
  /** Opens a connection to one of them. */
  readonly open: (place: P, signal: AbortSignal) => Promise<T>;
  /** The lead of each place over the next one, in milliseconds. */
  readonly leadMs: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Opens a connection to the first of several places that answers. The next one is tried when the one
 * before has failed; where that takes long, also beside it (RFC 8305). All others are given up.
 *
 * @throws Error of the first place that failed when none answers, or else of `places`
 * @throws the signal's reason when it is aborted
 */
export async function firstOpen<P, T extends { close(): void }>(
  { places, open, leadMs, signal }: FirstOpenOptions<P, T>,
): Promise<T> {
  const over = new AbortController();
  const errors: unknown[] = [];
  const { promise: opened, resolve, reject } = Promise.withResolvers<T>();
  const decided = opened.then(() => {}, () => {});
  const attempt = async (place: P) => {
    try {
      const connection = await open(place, over.signal);
      if (over.signal.aborted) return close(connection);
      resolve(connection);
      over.abort();
    } catch (error) {
      errors.push(error);
    }
  };
  const tryAll = async () => {
    const attempts: Promise<void>[] = [];
    try {
      for await (const place of places(over.signal)) {
        const trying = attempt(place);
        attempts.push(trying);
        await within(Promise.race([trying, decided]), leadMs);
        if (over.signal.aborted) return;
      }
    } catch (error) {
      errors.push(error);
    }
    await Promise.all(attempts);
    reject(errors[0]);
  };
  tryAll();
  try {
    return await abortable(opened, signal);
  } finally {
    over.abort();
    // Where it was aborted, nothing else decides it.
    reject(signal.reason);
  }
}
