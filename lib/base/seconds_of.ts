/** A duration in milliseconds as seconds with three decimals, for people and for JSON. */
export function secondsOf(ms: number): number {
  return Math.round(ms) / 1000;
}
