/** A time of the wall clock to the second: `2026-11-24T04:32:37Z`. */
export function isoSeconds(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, -5)}Z`;
}
