import type { Outcome } from "./drill.ts";

const head = [
  "SCENARIO",
  "FAULT",
  "TWO LORDS",
  "BY HOOKS",
  "NO LORD",
  "REPLACED",
  "RIGHT AFTER",
  "SAMPLES",
  "",
];

/** The outcomes as lines of text, in aligned columns; all but the samples are seconds. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  const rows = [head, ...outcomes.map(row)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  // Words to the left, numbers to the right.
  const cell = (text: string, column: number) =>
    column === 0 || column === head.length - 1
      ? text.padEnd(widths[column])
      : text.padStart(widths[column]);
  return rows.map((row) => `${row.map(cell).join("  ").trimEnd()}\n`).join("");
}

function row(outcome: Outcome): string[] {
  const { scenario, fault, twoLordsByStatus, twoLordsByHooks, noLord, samples, wrong } = outcome;
  const { replacedAfter, rightAfter } = outcome;
  return [
    scenario,
    fault.toFixed(1),
    twoLordsByStatus.toFixed(2),
    twoLordsByHooks.toFixed(2),
    noLord.toFixed(1),
    replacedAfter?.toFixed(1) ?? "no",
    rightAfter?.toFixed(1) ?? "never",
    `${samples}`,
    wrong.length === 0 ? "ok" : `WRONG: ${wrong.join("; ")}`,
  ];
}
