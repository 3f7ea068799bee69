import type { Tokens } from "marked";
import { type Span, spansOf } from "./_spans.ts";

/** A row of a table, told without columns. */
export interface Entry {
  /** The first cell. */
  readonly title: readonly Span[];
  /** The cell that explains it; then the others that are not empty, each behind its column's name. */
  readonly said: readonly (readonly Span[])[];
}

const colon: Span = { text: ": ", style: "plain" };

/** The rows of a table as entries: the column with the longest texts is the one that explains. */
export function entriesOf({ header, rows }: Tokens.Table): Entry[] {
  const length = (column: number) => rows.reduce((sum, row) => sum + row[column].text.length, 0);
  const [most, ...others] = [...header.keys()].slice(1).sort((a, b) => length(b) - length(a));
  others.sort((a, b) => a - b);
  return rows.map((cells) => {
    const named = others.filter((column) => cells[column].text !== "").map((
      column,
    ) => [...spansOf(header[column].tokens), colon, ...spansOf(cells[column].tokens)]);
    return { title: spansOf(cells[0].tokens), said: [spansOf(cells[most].tokens), ...named] };
  });
}
