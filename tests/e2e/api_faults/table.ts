import type { Outcome } from "./drill.ts";

const head = ["FAULT", "LORD", "WHO HAS WHAT", "LORD AFTER", "ALL AFTER", "POSTS", "GETS", ""];
/** The first columns are words, to the left; but for the last the others are numbers. */
const words = 3;

/** The outcomes as lines of text, in aligned columns; times are seconds after the lord's death. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  const rows = [head, ...outcomes.map(row)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const cell = (text: string, column: number) =>
    column < words || column === head.length - 1
      ? text.padEnd(widths[column])
      : text.padStart(widths[column]);
  return rows.map((row) => `${row.map(cell).join("  ").trimEnd()}\n`).join("");
}

function row({ name, lord, has, lordAfter, rightAfter, posts, gets, wrong }: Outcome): string[] {
  return [
    name,
    lord,
    has,
    lordAfter?.toFixed(1) ?? "never",
    rightAfter?.toFixed(1) ?? "never",
    `${posts}`,
    `${gets}`,
    wrong.length === 0 ? "ok" : `WRONG: ${wrong.join("; ")}`,
  ];
}
