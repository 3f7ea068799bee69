import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/**
 * The word that was probably meant: one that begins with the written one, or differs from it in at
 * most half of its letters; undefined when there is none.
 */
export function nearest(written: string, words: readonly string[]): string | undefined {
  const lower = written.toLowerCase();
  const longer = lower === "" ? undefined : words.find((word) => word.startsWith(lower));
  if (longer !== undefined || words.length === 0) return longer;
  const closest = closestString(written, words);
  const most = Math.max(1, Math.floor(written.length / 2));
  return levenshteinDistance(lower, closest) <= most ? closest : undefined;
}

/**
 * The end of a message: `; did you mean NEAREST?`, or nothing where no word is near.
 *
 * @param before the text to put before the word, such as `--`
 */
export function didYouMean(written: string, words: readonly string[], before = ""): string {
  const meant = nearest(written, words);
  return meant === undefined ? "" : `; did you mean ${before}${meant}?`;
}
