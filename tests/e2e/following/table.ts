import { alignedTable } from "../../lab/aligned_table.ts";
import type { Outcome } from "./drill.ts";

const head = ["FAULT", "LEADER AFTER", "POST", "WRITE", "NO WRITES FOR", "TWO LORDS", ""];

/** The outcomes as lines of text, in aligned columns; POST and WRITE count from the new leader. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  return alignedTable(head, outcomes.map(row));
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
