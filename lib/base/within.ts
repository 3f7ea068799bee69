import { alarm } from "./alarm.ts";

/**
 * Waits for a promise, but no longer than `ms` milliseconds. Rejects if the promise does within
 * that time.
 */
export async function within(promise: Promise<unknown>, ms: number): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const cancel = alarm(ms, resolve);
  try {
    await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}
