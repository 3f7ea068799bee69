import { ageText } from "./age_text.ts";
import { troubleText } from "./_node_findings.ts";
import type { MemberStats, NodeStats } from "./node_stats.ts";
import type { LegionStats } from "./report.ts";
import { shortened } from "./_shortened.ts";
import type { TableStyle } from "./table_style.ts";
import { isThere } from "./voters_up.ts";
import { wrapped } from "../base/wrap.ts";

// The state stands in the last column, and is broken there where there is at least so much room for
// it. Names are shortened for that, down to so many characters; then states stand below their rows.
const leastRoom = 24;
const leastName = 16;
const belowIndent = 6;

/**
 * The nodes of a legion for a person, a row each: `*` marks a lord, `>` this node. A node that is
 * not well is set off as a warning.
 *
 * @param nowSeconds the wall clock, in seconds since 1970
 */
export function nodeRows(legion: LegionStats, style: TableStyle, nowSeconds: number): string[] {
  const head = ["NODE", "VALOR", "ADDRESS", "HEARD"];
  const cells = legion.roster.map((node) => cellsOf(node, legion, nowSeconds));
  const [longestName, ...others] = head.map((name, column) =>
    Math.max(name.length, ...cells.map((row) => row[column].length))
  );
  const besideName = others.reduce((sum, width) => sum + width + 2, 6);
  const roomForName = Math.max(style.width - leastRoom - besideName, leastName);
  const widths = [Math.min(longestName, roomForName), ...others];
  const line = (mark: string, row: readonly string[]) => {
    const all = row.map((cell, column) => shortened(cell, widths[column]).padEnd(widths[column]));
    return `  ${mark} ${all.join("  ")}  `;
  };
  const start = line(" ", head).length;
  const isBelow = style.width - start < leastRoom;
  const indent = isBelow ? belowIndent : start;
  const rows = legion.roster.map((node, index) => {
    const cellsText = line(markOf(node), cells[index]);
    const states = wrapped(stateText(node, legion), style.width - indent)
      .map((words) => " ".repeat(indent) + words);
    const text = isBelow
      ? [cellsText.trimEnd(), ...states].join("\n")
      : `${cellsText}${states.join("\n").slice(indent)}`;
    if (node.troubles.length > 0) return style.warning(text);
    return node.role === "lord" ? style.good(text) : text;
  });
  return [`${line(" ", head)}${isBelow ? "" : "STATE"}`.trimEnd(), ...rows];
}

function markOf({ role, is_this }: NodeStats): string {
  return role === "lord" ? "*" : is_this ? ">" : " ";
}

function cellsOf(node: NodeStats, legion: LegionStats, nowSeconds: number): string[] {
  const { name, valor, last_heard, is_this } = node;
  const exact = memberOf(node, legion)?.heard_seconds_ago;
  const heard = is_this
    ? ""
    : exact !== undefined
    ? `${exact.toFixed(1)} s ago`
    : last_heard === 0
    ? "never"
    : `${ageText(nowSeconds - last_heard)} ago`;
  const isKnown = name !== "" && (is_this || last_heard > 0);
  return [name === "" ? "-" : name, isKnown ? `${valor}` : "-", node.node, heard];
}

/** The member that a row is about; undefined: it is this node, or not a member now. */
function memberOf(
  { is_this, node, name }: NodeStats,
  legion: LegionStats,
): MemberStats | undefined {
  if (is_this) return undefined;
  const { members } = legion;
  return members.find(({ address }) => address === node) ??
    members.find((member) => member.name === name);
}

function stateText(node: NodeStats, legion: LegionStats): string {
  const { is_this, role, kind, troubles, stands_back } = node;
  const own = legion.roster.find(({ is_this }) => is_this);
  const there = isThere(node);
  const backs = stands_back.length > 0 ? [`stands back (${stands_back.join(", ")})`] : [];
  const supports = is_this ? legion.supports : memberOf(node, legion)?.supports ?? "";
  // Of itself a node tells more than a role.
  const shown = is_this && legion.state === "candidate" ? "candidate" : role;
  return [
    ...!there ? [] : role === "stands back" && backs.length > 0 ? backs : [shown],
    ...is_this ? ["this node"] : [],
    ...kind === "uwsgi" ? ["uWSGI"] : [],
    ...node.version !== "" && node.version !== own?.version ? [`version ${node.version}`] : [],
    // Without a lord it matters whom each one supports.
    ...there && legion.lords.length === 0 && supports !== "" ? [`supports ${supports}`] : [],
    ...troubles.map(troubleText),
  ].join(", ");
}
