import type { Outcome } from "./drill.ts";

const head = ["FAULT", "LEADER AFTER", "POST", "WRITE", "NO WRITES FOR", "TWO LORDS", ""];

/** The outcomes as lines of text, in aligned columns; POST and WRITE count from the new leader. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  const rows = [head, ...outcomes.map(row)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const cell = (text: string, column: number) =>
    column === 0 || column === head.length - 1
      ? text.padEnd(widths[column])
      : text.padStart(widths[column]);
  return rows.map((row) => `${row.map(cell).join("  ").trimEnd()}\n`).join("");
}

function row(outcome: Outcome): string[] {
  const { name, leaderAfter, askedAfter, wroteAfter, unwritten, twoLords, wrong } = outcome;
  return [
    name,
    ...[leaderAfter, askedAfter, wroteAfter, unwritten, twoLords]
      .map((seconds) => seconds?.toFixed(1) ?? "-"),
    wrong.length === 0 ? "ok" : `WRONG: ${wrong.join("; ")}`,
  ];
}
