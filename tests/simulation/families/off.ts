import type { NodePlan } from "../scenario.ts";
import { drawCount, type Family, nodesAlike, someFaults } from "./family.ts";

/**
 * One node has the lease off, among nodes with `auto`, or beside nodes with `on`; or no nodes are
 * listed, as in a multicast group.
 */
export const off: Family = (day, random) => {
  const nodes = nodesAlike(day, random, drawCount(random));
  const { name: odd } = random.pick(nodes);
  const others = random.pick(["auto", "on", "group"] as const);
  const configured = (node: NodePlan): NodePlan => {
    if (others === "group") return { ...node, lease: "auto", voters: [], node: undefined };
    return { ...node, lease: node.name === odd ? "off" : others };
  };
  return { ...day, nodes: nodes.map(configured), faults: someFaults(day, random) };
};
