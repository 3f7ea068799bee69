import { printable } from "../base/printable.ts";
import { pointsTo } from "./points_to.ts";
import type { LegionStats, Stats } from "./report.ts";
import { standsBackText } from "./stands_back.ts";

/** A finding about a node's legions that an operator should know of. */
export interface Finding {
  /** `critical`: the address is at risk; `warning`: worth a look. */
  readonly level: "critical" | "warning";
  /** The finding in plain words, with the legion's name where there are several. */
  readonly text: string;
}

/** The states of monitoring plugins, and their exit statuses. */
export const verdicts = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 } as const;

/** A verdict, as monitoring plugins give it. */
export interface Verdict {
  /** One of {@link verdicts}. */
  readonly exitStatus: number;
  /** The line to print, `FAILOVER OK - …| lord=1 members=2 …`, without its end of line. */
  readonly line: string;
}

// The age in seconds after which datagrams with a wrong key are no longer a finding: the key has
// been mended, or somebody has given up.
const badKeySeconds = 600;
const badKeyReasons = ["undecipherable", "size", "malformed"];

/** The findings about a node's legions, the worst first. */
export function findings({ legions }: Stats): Finding[] {
  const found = legions.flatMap((legion) => {
    const about = legions.length > 1 ? `${legion.legion}: ` : "";
    return [
      ...critical(legion).map((text) => ({ level: "critical", text: about + text }) as const),
      ...warning(legion).map((text) => ({ level: "warning", text: about + text }) as const),
    ];
  });
  return [...found.filter(isCritical), ...found.filter((finding) => !isCritical(finding))];
}

function isCritical({ level }: Finding): boolean {
  return level === "critical";
}

function critical(legion: LegionStats): string[] {
  const { lords, lordless_seconds, tolerance_seconds, freq_seconds, present, quorum } = legion;
  const out: string[] = [];
  if (lords.length > 1) out.push(`${lords.join(" and ")} all say that they are lord`);
  // An election takes up to this long, a start included (LEASE.md, rule 12).
  if (lordless_seconds > 1.05 * tolerance_seconds + 2 * freq_seconds) {
    out.push(`no lord for ${Math.round(lordless_seconds)} s (this node: ${legion.why_not_lord})`);
  }
  if (present < quorum) out.push(`no quorum: ${present} present, ${quorum} needed`);
  if (legion.state === "lord") {
    for (const address of legion.addresses) {
      const { ip, wanted, seen } = address;
      const to = pointsTo(address);
      if (seen === 0 || to === wanted) continue;
      out.push(`${ip} points ${to ? `to ${to}` : "nowhere"}, not here`);
    }
  }
  return out;
}

function warning(legion: LegionStats): string[] {
  const { members, present, quorum, skew_tolerance_seconds, hooks, addresses, dropped } = legion;
  const out = legion.never_heard.map((node) => `${node} has never been heard`);
  out.push(...ranksAmiss(legion));
  if (quorum > 1 && present === quorum) out.push("the quorum is just met: one less, and no lord");
  for (const { name, clock_skew_seconds } of members) {
    if (Math.abs(clock_skew_seconds) * 2 <= skew_tolerance_seconds) continue;
    out.push(`the clock of ${name} differs by ${clock_skew_seconds} s`);
  }
  const alone = legion.nodes.length === 0 && members.length === 0;
  // An upgrade that went on to the next node now would cost the lord its quorum.
  if (!alone && isNew(legion)) out.push("this node has just started and supports no lord yet");
  if (legion.guarantee === "none" && !alone) {
    const why = legion.guarantee_why === "" ? "" : ` (${legion.guarantee_why})`;
    out.push(`guarantee none${why}: when nodes lose sight of each other, two may be lord at once`);
  }
  if (legion.memory_trouble !== "") out.push(legion.memory_trouble);
  // A node that holds back does what it was told to, and nothing is amiss.
  const amiss = legion.stands_back.filter(({ kind }) => kind !== "holding back");
  if (amiss.length > 0) out.push(`stands back: ${amiss.map(standsBackText).join("; ")}`);
  for (const { event, line, result } of hooks) {
    if (result !== "ok" && result !== "aborted") {
      out.push(`${event} hook (line ${line}): ${result}`);
    }
  }
  for (const { ip, problem } of addresses) if (problem !== "") out.push(`${ip}: ${problem}`);
  const comeIn = (...reasons: string[]) =>
    reasons.flatMap((reason) => dropped[reason] ?? [])
      .some(({ last_seconds_ago }) => last_seconds_ago <= badKeySeconds);
  if (comeIn(...badKeyReasons)) out.push("datagrams with another secret, IV or cipher come in");
  if (comeIn("unleased")) {
    out.push("a node of uWSGI's, or with legion-lease off, is ignored: legion-lease is on here");
  }
  if (comeIn("forged")) out.push("datagrams without the mac of legion-auth come in");
  return out;
}

/** Findings about valors that do what their owner may not expect. */
function ranksAmiss({ valor, members }: LegionStats): string[] {
  return members.filter((member) => member.valor > 0 && member.valor === valor).map(({ name }) =>
    `${name} has the same valor ${valor}: give each node its own`
  );
}

/**
 * Whether a node does not count for a lord yet: under the lease that lasts for the tolerance after
 * its start.
 */
function isNew({ state, leased, lords, supports }: LegionStats): boolean {
  if (state === "listening") return true;
  const votes = state === "follower" || state === "stands back";
  return votes && leased && lords.length > 0 && supports === "";
}

/** The verdict on a node that answered. */
export function verdictOf(stats: Stats): Verdict {
  const found = findings(stats);
  const state = found.some(({ level }) => level === "critical")
    ? "CRITICAL"
    : found.length > 0
    ? "WARNING"
    : "OK";
  const words = found.length > 0 ? found.map(({ text }) => text) : stats.legions.map(allIsWell);
  return verdict(state, words.join("; "), stats.legions.map(performanceData).join(" "));
}

/**
 * The verdict where no node answered: `CRITICAL`, or `UNKNOWN` where the node to ask is not known.
 */
export function verdictWithout(state: "CRITICAL" | "UNKNOWN", why: string): Verdict {
  return verdict(state, why, "");
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
  const own = legion.state === "stands back" ? ` (this node: ${legion.why_not_lord})` : "";
  return `${legion.legion}: ${lordOf(legion)}, ${legion.present} present${own}`;
}

function lordOf({ state, lords: [lord], lordless_seconds }: LegionStats): string {
  if (state === "lord") return "this node is the lord";
  return lord === undefined
    ? `no lord for ${Math.round(lordless_seconds)} s`
    : `the lord is ${lord}`;
}

function performanceData(legion: LegionStats): string {
  const { state, members, votes, quorum, lordless_seconds, dropped } = legion;
  const drops = Object.values(dropped).reduce((sum, { count }) => sum + count, 0);
  return [
    `lord=${state === "lord" ? 1 : 0}`,
    `members=${members.length}`,
    `votes=${votes}`,
    `quorum=${quorum}`,
    `lordless=${lordless_seconds.toFixed(1)}s`,
    `dropped=${drops}c`,
  ].join(" ");
}
