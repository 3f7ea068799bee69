import { every, gauge, type Metric } from "./_metric.ts";
import type { MemberStats } from "./node_stats.ts";
import type { LegionStats } from "./report.ts";
import { hears, isThere } from "./voters_up.ts";

/**
 * The metrics of the nodes of each legion. The label `node` is the address by which the nodes list
 * one another, so two of one name are two.
 */
export function nodeMetrics(legions: readonly LegionStats[]): Metric[] {
  const rows = (legion: LegionStats) => legion.roster;
  return [
    gauge(
      "node_info",
      "The name, version and program of a node.",
      every(legions, rows, ({ node, name, version, kind }) => [{ node, name, version, kind }, 1]),
    ),
    gauge(
      "node_up",
      "1 when a node is heard.",
      every(legions, rows, (row) => [{ node: row.node }, Number(isThere(row))]),
    ),
    gauge(
      "node_well",
      "1 when there is no trouble with a node.",
      every(legions, rows, ({ node, troubles }) => [{ node }, Number(troubles.length === 0)]),
    ),
    gauge(
      "node_trouble",
      "1 for each trouble that there is with a node.",
      every(
        legions,
        ({ roster }) =>
          roster.flatMap(({ node, troubles }) => troubles.map(({ kind }) => ({ node, kind }))),
        ({ node, kind }) => [{ node, kind }, 1],
      ),
    ),
    gauge(
      "node_lord",
      "1 when a node says that it is lord.",
      every(legions, rows, ({ node, role }) => [{ node }, Number(role === "lord")]),
    ),
    gauge(
      "node_last_heard_timestamp_seconds",
      "When another node was last heard.",
      every(
        legions,
        ({ roster }) => roster.filter(({ is_this, last_heard }) => !is_this && last_heard > 0),
        ({ node, last_heard }) => [{ node }, last_heard],
      ),
    ),
    gauge(
      "node_hears",
      "1 when a listed node hears another, as it says itself.",
      every(legions, pairs, ({ node, heard, is }) => [{ node, heard }, Number(is)]),
    ),
    gauge(
      "member_silence_seconds",
      "Silence of a member.",
      every(legions, members, ({ member, node }) => [
        { member: member.name, node },
        member.heard_seconds_ago,
      ]),
    ),
    gauge(
      "member_clock_skew_seconds",
      "Lead of a member's clock.",
      every(legions, members, ({ member, node }) => [
        { member: member.name, node },
        member.clock_skew_seconds,
      ]),
    ),
  ];
}

/** The pairs of listed nodes of which one says whether it hears the other. */
function pairs({ roster }: LegionStats): { node: string; heard: string; is: boolean }[] {
  const listed = roster.filter(({ listed }) => listed);
  const telling = listed.filter((node) => isThere(node) && node.hears !== null);
  return telling.flatMap((listener) =>
    listed.filter((speaker) => speaker !== listener).map((speaker) => ({
      node: listener.node,
      heard: speaker.node,
      is: hears(listener, speaker),
    }))
  );
}

/** The members, those heard last first, each with the node it speaks for. */
function members({ members, roster }: LegionStats): { member: MemberStats; node: string }[] {
  const latest = members.toSorted((a, b) => a.heard_seconds_ago - b.heard_seconds_ago);
  return latest.map((member) => {
    const others = roster.filter(({ is_this }) => !is_this);
    const row = others.find(({ node }) => node === member.address) ??
      others.find(({ name }) => name === member.name);
    return { member, node: row?.node ?? member.address };
  });
}
