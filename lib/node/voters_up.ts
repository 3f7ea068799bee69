import type { LegionView } from "../legion/view.ts";
import type { NodeStats } from "../status/report.ts";

/**
 * How many voters hear the lord and are heard by it, itself counted in; where there is none, the same
 * of this node. By what they say they hear; where one does not tell, one that is heard hears all.
 *
 * @param options.leased whether only listed nodes are voters (LEASE.md, rule 1)
 * @param options.rivals the nodes for which more than one process speaks, which do not count (rule 2)
 */
export function votersUp(
  roster: readonly NodeStats[],
  { leased, rivals }: Pick<LegionView, "leased" | "rivals">,
): number {
  const isVoter = ({ listed, node }: NodeStats) => !leased || (listed && !rivals.includes(node));
  const voters = roster.filter(isVoter);
  const titled = (role: NodeStats["role"]) =>
    voters.filter((node) => node.role === role).sort((a, b) => b.valor - a.valor)[0];
  const lord = titled("lord") ?? titled("taking over") ?? voters.find(({ is_this }) => is_this);
  if (lord === undefined) return 0;
  const hears = (one: NodeStats, other: NodeStats) =>
    !other.listed || (one.hears?.includes(other.node) ?? one.role !== "unknown");
  return voters.filter((voter) => {
    if (voter === lord) return true;
    // Of one that is not heard here the lord may know more.
    if (voter.role === "unknown") return lord.hears?.includes(voter.node) ?? false;
    return hears(voter, lord) && hears(lord, voter);
  }).length;
}
