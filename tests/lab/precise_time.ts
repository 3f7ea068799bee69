/**
 * The time in milliseconds since 1970, to some microseconds: one clock for all processes of a
 * machine, as long as its wall clock is not set meanwhile.
 */
export function preciseTimeMs(): number {
  return performance.timeOrigin + performance.now();
}
