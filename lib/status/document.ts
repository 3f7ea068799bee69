import type { Finding } from "./finding.ts";
import { findings } from "./findings.ts";
import type { Stats } from "./report.ts";
import { verdictOf, verdicts } from "./verdict.ts";

/** The version of `schema.json`, which describes the document. */
export const schemaVersion = 1;

/** The stats with all that a program may ask about them (`failover status --json`). */
export interface StatsDocument extends Stats {
  /** The version of the schema that the document keeps to. */
  readonly schema: number;
  /** The verdict, as monitoring gets it. */
  readonly verdict: keyof typeof verdicts;
  /** The findings, the worst first; empty: all is well. */
  readonly findings: readonly Finding[];
}

/** Makes the document of a node's stats. */
export function documentOf(stats: Stats): StatsDocument {
  const words = Object.keys(verdicts) as (keyof typeof verdicts)[];
  const verdict = words[verdictOf(stats).exitStatus];
  return { ...stats, schema: schemaVersion, verdict, findings: findings(stats) };
}
