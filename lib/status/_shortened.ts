/**
 * A text of at most so many characters: what is cut off is replaced by a `~`, which every terminal can
 * show.
 */
export function shortened(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}~`;
}
