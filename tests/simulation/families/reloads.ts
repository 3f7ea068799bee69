import { majority } from "../common_day.ts";
import { type Fault, type NodePlan, partition, reload } from "../scenario.ts";
import { drawCount, type Family, lordMs, nodesAlike } from "./family.ts";

/**
 * Single nodes are reloaded with other tolerances, quorums and leases, calm or parted. On some days
 * the quorum is no majority, so that no guarantee holds.
 */
export const reloads: Family = (day, random) => {
  const count = drawCount(random);
  const lowest = random.chance(0.2) ? 1 : majority(count);
  const quorum = random.whole(lowest, majority(count));
  const alike = nodesAlike(day, random, count);
  const beforeMs = random.pick([day.toleranceMs, 15_000]);
  const nodes = alike.map((node) => ({ ...node, releaseMs: 0, quorum, toleranceMs: beforeMs }));
  const faults: Fault[] = [];
  const changesQuorum = random.chance(0.5);
  const changesLease = random.chance(0.3);
  const lastQuorum = random.whole(lowest, count);
  let atMs = lordMs({ ...day, toleranceMs: beforeMs }, random);
  for (let times = random.whole(1, 3); times > 0; times--) {
    const toleranceMs = random.pick([3000, 4000, 6000, 15_000]);
    const next = changesQuorum ? random.whole(lowest, count) : quorum;
    // As an operator would, all soon after each other, or some of them.
    const reloaded = random.chance(0.5) ? nodes : nodes.filter(() => random.chance(0.4));
    for (const { name, lease } of random.shuffled(reloaded)) {
      atMs += random.between(0, random.pick([0.1, 2])) * day.toleranceMs;
      const change = { toleranceMs, quorum: next, lease: changesLease ? otherLease(lease) : lease };
      faults.push(reload(name, atMs, change));
    }
    atMs += random.between(0, 3) * day.toleranceMs;
  }
  // In the end all have one quorum.
  for (const { name } of changesQuorum ? random.shuffled(nodes) : []) {
    atMs += random.between(0, 1) * day.toleranceMs;
    faults.push(reload(name, atMs, { quorum: lastQuorum }));
  }
  // Worst of all: the lord is cut off soon after its supporters have been reloaded.
  const some = nodes.filter(() => random.chance(0.5)).map(({ name }) => name);
  const parted = random.chance(0.5) ? [nodes[0].name] : some;
  if (faults.length > 0 && random.chance(0.7)) {
    const cutMs = random.pick(faults).fromMs + random.between(0, 1) * day.toleranceMs;
    faults.push(partition(parted, cutMs, random.between(1, 4) * day.toleranceMs));
  }
  return { ...day, nodes, faults: [...faults, ...random.chance(0.3) ? day.faults : []] };
};

function otherLease(lease: NodePlan["lease"]): NodePlan["lease"] {
  return lease === "auto" ? "on" : "auto";
}
