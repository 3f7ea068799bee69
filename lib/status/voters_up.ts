import type { NodeStats } from "./node_stats.ts";
import type { LegionStats } from "./report.ts";

const missing: ReadonlySet<string> = new Set(["silent", "never heard", "left"]);

/** Whether a node of the roster is there: heard, and neither silent nor gone. */
export function isThere({ role, troubles }: NodeStats): boolean {
  return role !== "unknown" && !troubles.some(({ kind }) => missing.has(kind));
}

/** Whether one node hears another, as it says itself; where it says nothing: whether both are there. */
export function hears(listener: NodeStats, speaker: NodeStats): boolean {
  if (!isThere(listener)) return false;
  return listener.hears?.includes(speaker.node) ?? isThere(speaker);
}

/** The name of a node for a person, with its address where it is another's. */
export function nodeText({ is_this, name, node }: NodeStats): string {
  if (is_this) return "this node";
  return name === "" ? node : `${name} (${node})`;
}

/**
 * The voters that hear the lord and are heard by it, itself counted in; where there is none, the same
 * of this node. By what they say they hear; where one does not tell, one that is heard hears all.
 *
 * @param options.leased whether only listed nodes are voters (LEASE.md, rule 1)
 * @param options.rivals the nodes for which more than one process speaks, which do not count (rule
 * 2), where they are known
 */
export function votersUp(
  roster: readonly NodeStats[],
  { leased, rivals = [] }: { readonly leased: boolean; readonly rivals?: readonly string[] },
): NodeStats[] {
  const isVoter = ({ listed, node }: NodeStats) => !leased || (listed && !rivals.includes(node));
  const voters = roster.filter(isVoter);
  const titled = (role: NodeStats["role"]) =>
    voters.filter((node) => node.role === role).sort((a, b) => b.valor - a.valor)[0];
  const lord = titled("lord") ?? titled("taking over") ?? voters.find(({ is_this }) => is_this);
  if (lord === undefined) return [];
  // Nobody says whether a node hears one that is not listed.
  const mayHear = (one: NodeStats, other: NodeStats) => !other.listed || hears(one, other);
  return voters.filter((voter) => {
    if (voter === lord) return true;
    // Of one that is not heard here the lord may know more.
    if (!isThere(voter)) return lord.hears?.includes(voter.node) ?? false;
    return mayHear(voter, lord) && mayHear(lord, voter);
  });
}

/** The votes that a lord could count on here, and of how many. */
export interface Support {
  /** The votes. */
  readonly up: number;
  /** The listed nodes; undefined: not the listed ones count, but all that are present. */
  readonly listed?: number;
}

/**
 * The votes that a lord could count on: under the lease those of listed nodes that hear the lord and
 * are heard by it. By uWSGI's rule, and where no node is listed, all that are present count.
 */
export function supportOf({ leased, roster, voters_up, present }: LegionStats): Support {
  const listed = roster.filter(({ listed }) => listed).length;
  return leased && listed > 0 ? { up: voters_up, listed } : { up: present };
}
