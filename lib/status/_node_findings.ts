import type { HelpTopic } from "../base/help_topic.ts";
import type { StandBackKind } from "../base/stand_back_kind.ts";
import { alikeHint } from "./alike_hint.ts";
import { isoSeconds } from "../base/iso_seconds.ts";
import type { Finding } from "./finding.ts";
import { standBackTopics } from "./_lord_findings.ts";
import type { NodeStats, NodeTrouble, NodeTroubleKind } from "./node_stats.ts";
import type { LegionStats } from "./report.ts";
import { isAmiss } from "./stands_back.ts";
import { hears, isThere, nodeText } from "./voters_up.ts";

/** The topic of each kind of trouble. */
export const troubleTopics: Readonly<Record<NodeTroubleKind, HelpTopic>> = {
  "silent": "node-silent",
  "never heard": "node-silent",
  "left": "node-silent",
  "not heard by us": "heard-one-way",
  "does not hear us": "heard-one-way",
  "another secret": "secret",
  "forged": "secret",
  "clock off": "clock",
  "other config": "nodes-differ",
  "other tolerance": "nodes-differ",
  "other lease": "nodes-differ",
  "doubled": "doubled",
  "same valor": "same-valor",
};

/** Troubles for which a node may seem silent or not to hear: what is to be mended is these. */
const causes: ReadonlySet<NodeTroubleKind> = new Set(["another secret", "forged"]);

/** Troubles for which there may be no guarantee. */
const unguaranteed: ReadonlySet<NodeTroubleKind> = new Set([
  "never heard",
  "other config",
  "other lease",
  "doubled",
]);

/**
 * One finding for each node of the roster that is not well, one for a trouble that all others have,
 * and one for cuts between others.
 */
export function nodeFindings(legion: LegionStats): Finding[] {
  const { shared, roster } = sharedTrouble(legion);
  return [
    ...shared,
    ...roster.flatMap((node) => nodeFinding(node, legion)),
    ...cutFinding(legion),
  ];
}

/** The finding about a trouble that all others have, and the roster without it. */
function sharedTrouble({ roster }: LegionStats): { shared: Finding[]; roster: NodeStats[] } {
  const isAlike = ({ why }: NodeTrouble) => why.endsWith(alikeHint);
  const found = new Map(
    roster.flatMap(({ troubles }) => troubles.filter(isAlike)).map((one) => [one.kind, one]),
  );
  const shared = [...found.values()].map((trouble): Finding => {
    const text = troubleText({ ...trouble, why: trouble.why.slice(0, -alikeHint.length) });
    return {
      level: "warning",
      text: `all other nodes (so look at this one first): ${asOfSeveral(text)}`,
      topic: troubleTopics[trouble.kind] ?? "node-silent",
    };
  });
  const rest = roster.map((node) => ({
    ...node,
    troubles: node.troubles.filter((trouble) => !isAlike(trouble)),
  }));
  return { shared, roster: rest };
}

function asOfSeveral(text: string): string {
  return text.replace(/^does not hear/, "do not hear").replace(/^its datagrams/, "their datagrams");
}

// The cuts between other nodes that are told by name.
const toldCuts = 3;

/** The cuts between two other nodes: those of this node are troubles of its rows. */
function cutFinding({ roster }: LegionStats): Finding[] {
  const others = roster.filter((node) => node.listed && !node.is_this && isThere(node));
  const cuts = others.flatMap((listener) =>
    others.filter((speaker) => speaker !== listener && !hears(listener, speaker))
      .map((speaker) => `${nodeText(listener)} does not hear ${nodeText(speaker)}`)
  );
  if (cuts.length === 0) return [];
  const more = cuts.length > toldCuts ? [`and ${cuts.length - toldCuts} more such cuts`] : [];
  const text = [...cuts.slice(0, toldCuts), ...more].join(", ");
  return [{ level: "warning", text, topic: "heard-one-way" }];
}

function nodeFinding(node: NodeStats, legion: LegionStats): Finding[] {
  const { troubles } = node;
  const back = standsBackFor(node);
  if (troubles.length === 0 && back.length === 0) return [];
  const told = [
    ...troubles.map(troubleText),
    ...back.length === 0 ? [] : [`stands back (${back.map(standBackWords).join(", ")})`],
    ...isWhyNoGuarantee(node, legion) ? ["so the guarantee is none"] : [],
  ];
  const cause = troubles.find(({ kind }) => causes.has(kind)) ?? troubles.at(0);
  const topic = cause === undefined
    ? standBackTopics[back[0]] ?? "stands-back"
    : troubleTopics[cause.kind] ?? "node-silent";
  return [{ level: "warning", text: `${nodeText(node)}: ${told.join("; ")}`, topic }];
}

function standBackWords(kind: StandBackKind): string {
  return kind === "refused" ? "its login is refused" : kind;
}

/** The reasons for which another node stands back, and that ask something of somebody. */
function standsBackFor(node: NodeStats): NodeStats["stands_back"] {
  // This node's own reasons are told at length, and those of a node that is gone are old.
  if (node.is_this || !isThere(node)) return [];
  return node.stands_back.filter(isAmiss);
}

/** A trouble in words, with since when. */
export function troubleText({ why, since }: NodeTrouble): string {
  return since === 0 || why.includes("since ") ? why : `${why} (since ${isoSeconds(since)})`;
}

/** Whether a node is the reason why there is no guarantee, and is told for it anyway. */
export function isWhyNoGuarantee(node: NodeStats, legion: LegionStats): boolean {
  const { guarantee, guarantee_why } = legion;
  if (guarantee !== "none" || !node.troubles.some(({ kind }) => unguaranteed.has(kind))) {
    return false;
  }
  return guarantee_why.includes(node.node) ||
    node.name !== "" && guarantee_why.includes(node.name);
}
