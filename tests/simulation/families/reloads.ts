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
  const nodes = alike.map((node) => ({ ...node, releaseMs: 0, quorum }));
  const faults: Fault[] = [];
  const changesQuorum = random.chance(0.5);
  const changesLease = random.chance(0.3);
  const lastQuorum = random.whole(lowest, count);
  let atMs = lordMs(day, random);
  const fromMs = atMs;
  for (let times = random.whole(1, 6); times > 0; times--) {
    atMs += random.between(0, 2) * day.toleranceMs;
    const toleranceMs = random.pick([3000, 4000, 6000, 15_000]);
    const next = changesQuorum ? random.whole(lowest, count) : quorum;
    const { name, lease } = random.pick(nodes);
    const change = { toleranceMs, quorum: next, lease: changesLease ? otherLease(lease) : lease };
    faults.push(reload(name, atMs, change));
  }
  // In the end all have one quorum.
  for (const { name } of changesQuorum ? random.shuffled(nodes) : []) {
    atMs += random.between(0, 1) * day.toleranceMs;
    faults.push(reload(name, atMs, { quorum: lastQuorum }));
  }
  const some = nodes.filter(() => random.chance(0.5)).map(({ name }) => name);
  if (random.chance(0.6)) {
    const lastsMs = random.between(1, 4) * day.toleranceMs;
    faults.push(partition(some, random.between(fromMs, atMs), lastsMs));
  }
  return { ...day, nodes, faults: [...faults, ...random.chance(0.3) ? day.faults : []] };
};

function otherLease(lease: NodePlan["lease"]): NodePlan["lease"] {
  return lease === "auto" ? "on" : "auto";
}
