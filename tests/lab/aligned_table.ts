/**
 * Rows as lines of text in aligned columns: words in the first and the last ones, which are to the
 * left, and figures in the others, to the right.
 *
 * @param head the titles of the columns
 * @param rows the cells of each row, as many as there are titles
 * @param words how many of the first columns are words
 */
export function alignedTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  words = 1,
): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const cell = (text: string, column: number) =>
    column < words || column === head.length - 1
      ? text.padEnd(widths[column])
      : text.padStart(widths[column]);
  return all.map((row) => `${row.map(cell).join("  ").trimEnd()}\n`).join("");
}
