const patienceMs = 15_000;

/**
 * Waits for a promise that ought to resolve soon.
 *
 * @throws Error when that takes longer than 15 s
 */
export async function soon<T>(coming: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(reject, patienceMs, new Error("waited 15 s for what did not come"));
  return await Promise.race([coming, late]).finally(() => clearTimeout(timer));
}
