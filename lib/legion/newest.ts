/**
 * The n-th newest of some times, n from 1; -Infinity when there are fewer. In a vote by n nodes it
 * is the oldest that still counts.
 */
export function nthNewest(times: Iterable<number>, n: number): number {
  return [...times].sort((a, b) => b - a)[n - 1] ?? -Infinity;
}
