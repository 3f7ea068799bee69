import { alignedTable } from "../../lab/aligned_table.ts";
import type { Outcome } from "./drill.ts";

const head = ["FAULT", "LORD", "WHO HAS WHAT", "LORD AFTER", "ALL AFTER", "POSTS", "GETS", ""];
/** How many of the first columns are words. */
const words = 3;

/** The outcomes as lines of text, in aligned columns; times are seconds after the lord's death. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  return alignedTable(head, outcomes.map(row), words);
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
