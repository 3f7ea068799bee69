/**
 * Makes text of unknown origin fit for one line of a log or a terminal: no control characters, no
 * runs of white space, at most `length` UTF-16 units.
 */
export function plainText(text: string, length: number): string {
  // The first cut is generous, and saves the expressions a body of 64 KiB.
  const line = text.slice(0, length * 4).replace(/[\p{C}\p{Z}\s]+/gu, " ").trim();
  return line.length <= length ? line : line.slice(0, length - 1).trimEnd() + "…";
}
