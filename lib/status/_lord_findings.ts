import type { HelpTopic } from "../base/help_topic.ts";
import type { StandBackKind } from "../base/stand_back_kind.ts";
import type { Finding } from "./finding.ts";
import type { LegionStats } from "./report.ts";
import { runningText } from "./running_text.ts";
import { isAmiss } from "./stands_back.ts";
import { nodeText, supportOf, votersUp } from "./voters_up.ts";

/**
 * The findings about who is lord, and about votes that are missing.
 *
 * @param nowSeconds the wall clock, in seconds since 1970
 */
export function lordFindings(legion: LegionStats, nowSeconds: number): Finding[] {
  const { lords } = legion;
  const noQuorum = noQuorumText(legion);
  const out: Finding[] = [];
  if (lords.length > 1) {
    const text = `${lords.join(" and ")} all say that they are lord`;
    out.push({ level: "critical", text, topic: "two-lords" });
  }
  if (lords.length === 0) out.push(noLord(legion, noQuorum, nowSeconds));
  else if (noQuorum !== undefined) {
    out.push({ level: "critical", text: noQuorum, topic: "no-quorum" });
  }
  return out;
}

function noQuorumText(legion: LegionStats): string | undefined {
  const { up, listed } = supportOf(legion);
  const { quorum } = legion;
  if (up >= quorum) return undefined;
  if (listed !== undefined && quorum > listed) {
    return `legion-quorum is ${quorum}, and ${listed} nodes are listed: there is never a lord`;
  }
  const found = listed === undefined ? `${up} present` : `${up} of ${listed} nodes hear each other`;
  return `no quorum: ${found}, ${quorum} needed`;
}

// An election takes up to this long, a start included (LEASE.md, rule 12).
function electionSeconds({ tolerance_seconds, freq_seconds }: LegionStats): number {
  return 1.05 * tolerance_seconds + 2 * freq_seconds;
}

/** The finding that no lord is heard, with the reason that is the nearest to its cause. */
function noLord(
  legion: LegionStats,
  noQuorum: string | undefined,
  nowSeconds: number,
): Finding {
  const { lordless_seconds, state, why_not_lord } = legion;
  const longest = electionSeconds(legion);
  const isLate = lordless_seconds > longest;
  const base = `no lord for ${Math.round(lordless_seconds)} s`;
  // Who cannot listen hears nobody: the missing quorum is no more than what follows.
  if (state === "listening" && why_not_lord.endsWith(" can be listened on")) {
    return {
      level: "critical",
      text: `${base}: this node cannot take part: ${why_not_lord}`,
      topic: "cannot-listen",
    };
  }
  if (noQuorum !== undefined) {
    return { level: "critical", text: `${base}: ${noQuorum}`, topic: "no-quorum" };
  }
  const taking = takingOver(legion, nowSeconds);
  const why = taking ?? (why_not_lord === "" ? "" : `this node: ${why_not_lord}`);
  const normal = isLate ? "" : `; a start or an election takes up to ${Math.ceil(longest)} s`;
  return {
    level: isLate ? "critical" : "warning",
    text: `${base}${why === "" ? "" : ` (${why})`}${normal}`,
    topic: taking !== undefined ? "takeover-fails" : standBackTopic(legion) ?? "no-lord",
  };
}

/** The node that is taking over, in words, and how far it is; undefined: none is heard to. */
function takingOver(legion: LegionStats, nowSeconds: number): string | undefined {
  const { state, running, roster } = legion;
  if (state === "taking over") {
    const hooks = running.map((hook) => `${hook.event} hook ${runningText(hook, nowSeconds)}`);
    return `this node is taking over${hooks.length === 0 ? "" : `: ${hooks.join("; ")}`}`;
  }
  const other = roster.find(({ is_this, role }) => !is_this && role === "taking over");
  return other === undefined ? undefined : `${nodeText(other)} is taking over`;
}

/** The reasons of this node to stand back that ask something of somebody. */
export function amissReasons({ stands_back }: LegionStats): LegionStats["stands_back"] {
  return stands_back.filter(({ kind }) => isAmiss(kind));
}

/** The topic of the first reason of this node to stand back; undefined: there is none. */
export function standBackTopic(legion: LegionStats): HelpTopic | undefined {
  return amissReasons(legion).map(({ kind }) => standBackTopics[kind] ?? "stands-back").at(0);
}

export const standBackTopics: Partial<Record<StandBackKind, HelpTopic>> = {
  "unfit": "check-fails",
  "refused": "login-refused",
  "hook failed": "hook-failed",
};

/** A quorum that one more loss would break, while a node is missing. */
export function justMetFindings(legion: LegionStats): Finding[] {
  const { quorum } = legion;
  const { up, listed } = supportOf(legion);
  if (quorum <= 1 || up !== quorum || up === listed) return [];
  const nodes = votersUp(legion.roster, legion);
  const rests = listed === undefined || nodes.length !== up
    ? ""
    : ` and rests on ${list(nodes.map(nodeText))}`;
  const text = `the quorum is just met${rests}: one less, and no lord`;
  return [{ level: "warning", text, topic: "quorum-just-met" }];
}

function list(names: readonly string[]): string {
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter((one) => one !== "")
    .join(" and ");
}
