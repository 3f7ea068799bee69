import type { Outcome } from "./drill.ts";

const head = [
  "SCENARIO",
  "FAULT",
  "BOTH LEASE",
  "TWO LORDS",
  "BY HOOKS",
  "NO LORD",
  "REPLACED",
  "RIGHT AFTER",
  "SAMPLES",
  "",
];

/**
 * The outcomes as lines of text, in aligned columns; all but the samples are seconds. Figures of the
 * first cut of the rules are in brackets.
 */
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
  const { scenario, fault, bothLease, twoLordsByStatus, twoLordsByHooks, noLord } = outcome;
  const { replacedAfter, rightAfter, samples, before, wrong } = outcome;
  const beside = (figure: string, former: number | undefined | null) =>
    former === undefined ? figure : `${figure} (${former?.toFixed(1) ?? "never"})`;
  return [
    scenario,
    fault.toFixed(1),
    beside(bothLease.toFixed(2), before?.bothLease),
    beside(twoLordsByStatus.toFixed(2), before?.twoLords),
    twoLordsByHooks.toFixed(2),
    beside(noLord.toFixed(1), before?.noLord),
    replacedAfter?.toFixed(1) ?? "no",
    beside(rightAfter?.toFixed(1) ?? "never", before?.rightAfter),
    `${samples}`,
    wrong.length === 0 ? "ok" : `WRONG: ${wrong.join("; ")}`,
  ];
}
