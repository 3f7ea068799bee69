import type { NodePlan, Scenario } from "./scenario.ts";

/**
 * The names of the nodes of which no two may ever be lord at one instant, whatever they say: all go
 * by the lease, and by one list and one quorum, more than half of it, all day long.
 */
export function guardedNodes(scenario: Scenario): ReadonlySet<string> {
  const { rule, nodes, faults } = scenario;
  // By uWSGI's rule nothing is promised; the referee counts how often that is needed.
  if (rule === "uwsgi") return new Set(nodes.map(({ name }) => name));
  const leased = nodes.filter(({ lease }) => lease === "auto" || lease === "on");
  const isMixed = leased.length < nodes.length;
  if (isMixed && leased.some(({ lease }) => lease === "auto")) return new Set();
  const [{ voters, quorum }] = nodes;
  const changes = faults.some(({ change }) => change?.voters ?? change?.quorum);
  const isAlike = nodes.every((node) => `${node.voters}` === `${voters}` && node.quorum === quorum);
  const isMajority = voters.length > 0 && quorum > voters.length / 2;
  if (changes || !isAlike || !isMajority || isTwice(nodes)) return new Set();
  return new Set(leased.map(({ name }) => name));
}

/** Whether two nodes ever have one entry of the list. */
function isTwice(nodes: readonly NodePlan[]): boolean {
  const entries = nodes.flatMap(({ node = [] }) => node);
  return new Set(entries).size < entries.length;
}
