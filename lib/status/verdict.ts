import type { HelpTopic } from "../base/help_topic.ts";
import { printable } from "../base/printable.ts";
import { findings } from "./findings.ts";
import type { LegionStats, Stats } from "./report.ts";
import { supportOf } from "./voters_up.ts";

/** The states of monitoring plugins, and their exit statuses. */
export const verdicts = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 } as const;

/** A verdict, as monitoring plugins give it. */
export interface Verdict {
  /** One of {@link verdicts}. */
  readonly exitStatus: number;
  /** The line to print, `FAILOVER OK - …| lord=1 members=2 …`, without its end of line. */
  readonly line: string;
}

/**
 * The verdict on a node that answered.
 *
 * @param nowSeconds the wall clock, in seconds since 1970
 */
export function verdictOf(stats: Stats, nowSeconds = Date.now() / 1000): Verdict {
  const { legions } = stats;
  const found = findings(stats, nowSeconds);
  const state = found.some(({ level }) => level === "critical")
    ? "CRITICAL"
    : found.length > 0
    ? "WARNING"
    : "OK";
  const words = found.length > 0 ? found.map(({ text }) => text) : legions.map(allIsWell);
  const data = legions.map((legion) => performanceData(legion, legions.length > 1)).join(" ");
  return verdict(state, words.join("; ") + helpText(...found.map(({ topic }) => topic)), data);
}

/**
 * The verdict where no node answered: `CRITICAL`, or `UNKNOWN` where the node to ask is not known.
 */
export function verdictWithout(state: "CRITICAL" | "UNKNOWN", why: string): Verdict {
  return verdict(state, why + (state === "CRITICAL" ? helpText("no-answer") : ""), "");
}

/** The command that says more, with the topic of each finding. */
function helpText(...topics: HelpTopic[]): string {
  return topics.length === 0 ? "" : ` (failover help ${[...new Set(topics)].join(", ")})`;
}

function verdict(state: keyof typeof verdicts, words: string, data: string): Verdict {
  // Monitoring takes text behind a bar for performance data, so no text may hold one.
  const text = words.replaceAll("|", "/");
  return {
    exitStatus: verdicts[state],
    line: printable(`FAILOVER ${state} - ${text}${data === "" ? "" : ` | ${data}`}`),
  };
}

function allIsWell(legion: LegionStats): string {
  const { up, listed } = supportOf(legion);
  const own = legion.state === "stands back" ? ` (this node: ${legion.why_not_lord})` : "";
  const lord = legion.state === "lord" ? "this node is the lord" : `the lord is ${legion.lords[0]}`;
  const there = listed === undefined ? `${up} present` : `${up} of ${listed} nodes up`;
  return `${legion.legion}: ${lord}, ${there}${own}`;
}

/**
 * The figures of a legion. The labels are unique: with the legion's name where there are several,
 * encoded so that none needs quotes.
 */
function performanceData(legion: LegionStats, isOneOfSeveral: boolean): string {
  const { state, members, votes, quorum, lordless_seconds, dropped, transitions } = legion;
  const drops = Object.values(dropped).reduce((sum, { count }) => sum + count, 0);
  const about = isOneOfSeveral ? `${labelText(legion.legion)}_` : "";
  return [
    `lord=${state === "lord" ? 1 : 0}`,
    `members=${members.length}`,
    `votes=${votes}`,
    `quorum=${quorum}`,
    `lordless=${lordless_seconds.toFixed(1)}s`,
    `dropped=${drops}c`,
    `up=${supportOf(legion).up}`,
    `transitions=${transitions}c`,
  ].map((figure) => about + figure).join(" ");
}

/** A name as a label: a label may hold neither `=` nor `'`, and with a space it takes quotes. */
function labelText(name: string): string {
  return printable(name).replaceAll(
    /[\s'"=|%;,]/g,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
