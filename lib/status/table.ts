import { printableAll } from "../base/printable.ts";
import { findings } from "./findings.ts";
import type { CheckStats } from "../base/check.ts";
import type { AddressStats, LegionState, LegionStats, MemberStats, Stats } from "./report.ts";

/** The way parts of the table are set off: colours on a terminal, none in a pipe. */
export interface TableStyle {
  /** Sets off a heading. */
  readonly bold: (text: string) => string;
  /** Sets off a good state. */
  readonly good: (text: string) => string;
  /** Sets off a warning. */
  readonly warning: (text: string) => string;
  /** Sets off a critical finding. */
  readonly critical: (text: string) => string;
}

const asIs = (text: string) => text;

/** The style without colours. */
export const plain: TableStyle = { bold: asIs, good: asIs, warning: asIs, critical: asIs };

/** Writes a node's stats for a person: findings first, then each legion. */
export function statsTable(stats: Stats, style: TableStyle = plain): string {
  const shown = printableAll(stats);
  const { name, pid, version, uptime_seconds, legions } = shown;
  const wrong = findings(shown).map(({ level, text, topic }) =>
    style[level](`${level}: ${text} (failover help ${topic})`)
  );
  const node = `node ${name}, process ${pid}, version ${version}, up ${duration(uptime_seconds)}`;
  return [...wrong, node, ...legions.flatMap((legion) => legionLines(legion, style)), ""].join(
    "\n",
  );
}

const described: Record<LegionState, string> = {
  listening: "is listening",
  follower: "is a follower",
  candidate: "is a candidate",
  "taking over": "is taking over",
  lord: "is the lord",
  "stands back": "stands back",
  stopping: "is stopping",
};

function legionLines(legion: LegionStats, style: TableStyle): string[] {
  const { votes, quorum, tolerance_seconds, freq_seconds } = legion;
  const why = legion.why_not_lord === "" ? "" : ` (${legion.why_not_lord})`;
  const state = legion.state === "lord" ? `is ${style.good("the lord")}` : described[legion.state];
  return [
    "",
    style.bold(`legion ${legion.legion}`) + `: this node ${state}${why}`,
    `  votes ${votes}, quorum ${quorum}, freq ${freq_seconds} s, tolerance ${tolerance_seconds} s`,
    `  ${guaranteeLine(legion)}`,
    ...rows([
      ["", "NODE", "VALOR", "ADDRESS", "VOTES FOR", "SUPPORTS", "HEARD", "CLOCK", "IS"],
      ownRow(legion),
      ...legion.members.map((member) => memberRow(member)),
    ]).map((line) => line.startsWith("  *") ? style.good(line) : line),
    ...legion.never_heard.map((node) => `    ${node}  never heard`),
    ...legion.checks.map((check) => checkLine(check, style)),
    ...legion.addresses.map(addressLine),
    ...legion.hooks.map(({ event, action, line, result, seconds }) =>
      `  ${event} hook ${action} (line ${line}): ${result}, ${seconds.toFixed(1)} s`
    ),
  ];
}

function guaranteeLine({ guarantee, guarantee_why, lease_seconds }: LegionStats): string {
  const why = guarantee_why === "" ? "" : ` (${guarantee_why})`;
  const left = lease_seconds === 0 ? "" : `, this node's lasts ${lease_seconds.toFixed(1)} s`;
  return `guarantee ${guarantee}${why}${left}`;
}

function ownRow(legion: LegionStats) {
  const { name, valor, addr, i_am_the_lord, lord_uuid, uuid, members, supports } = legion;
  const vote = lord_uuid === uuid ? name : members.find((m) => m.uuid === lord_uuid)?.name ?? "";
  const lord = i_am_the_lord > 0 ? "*" : "";
  return [lord, name, `${valor}`, addr, vote, supports, "", "", "this node"];
}

function memberRow(member: MemberStats): string[] {
  const { name, valor, address, vote, supports, lord, kind } = member;
  const { heard_seconds_ago, clock_skew_seconds } = member;
  return [
    lord > 0 ? "*" : "",
    name,
    `${valor}`,
    address,
    vote,
    supports,
    `${heard_seconds_ago.toFixed(1)} s ago`,
    `${clock_skew_seconds >= 0 ? "+" : ""}${clock_skew_seconds} s`,
    kind,
  ];
}

function checkLine({ name, kind, state, output, since }: CheckStats, style: TableStyle): string {
  const said = output === "" ? "" : ` (${output})`;
  const line = `  check ${name}, ${kind}: ${state} since ${
    new Date(since * 1000).toISOString()
  }${said}`;
  return state === "passing" ? line : style.warning(line);
}

function addressLine(address: AddressStats): string {
  const { ip, points_to: to, seen, problem } = address;
  if (seen === 0) return `  ${ip}: not seen yet${problem === "" ? "" : ` (${problem})`}`;
  const where = to === null ? "nowhere" : `to ${to}`;
  return `  ${ip} points ${where}, seen ${new Date(seen * 1000).toISOString()}`;
}

function rows(table: string[][]): string[] {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  return table.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column])).join("  ")}`.trimEnd()
  );
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.floor(seconds / 3600)} h`
    : `${Math.floor(seconds / 86_400)} d`;
}
