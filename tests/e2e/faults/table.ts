import { alignedTable } from "../../lab/aligned_table.ts";
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
  return alignedTable(head, outcomes.map(row));
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
