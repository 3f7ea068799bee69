import type { LegionStats, NodeStats } from "./report.ts";

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

/** The listed nodes that hear the lord and are heard by it; where there is none, this node. */
export function upNodes({ roster }: LegionStats): NodeStats[] {
  const listed = roster.filter(({ listed }) => listed);
  const lord = listed.find(({ role }) => role === "lord") ?? listed.find(({ is_this }) => is_this);
  if (lord === undefined) return [];
  return listed.filter((node) => node === lord || hears(lord, node) && hears(node, lord));
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
