const patienceMs = 15_000;

/** Waits for what ought to come soon. @throws Error when it does not within 15 s */
export async function soon<T>(coming: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(reject, patienceMs, new Error("waited 15 s for what did not come"));
  return await Promise.race([coming, late]).finally(() => clearTimeout(timer));
}
