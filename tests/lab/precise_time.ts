/**
 * The time in milliseconds since 1970, exact to some microseconds. All processes of a machine agree
 * on it as long as the wall clock is not set meanwhile.
 */
export function preciseTimeMs(): number {
  return performance.timeOrigin + performance.now();
}
