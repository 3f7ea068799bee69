import type { Membership } from "./membership.ts";
import type { LegionOptions } from "./options.ts";

/**
 * The guarantee of a legion: `lease`: no two nodes are lord at one instant; `none`: no two are as
 * long as all agree.
 */
export interface Guarantee {
  /** The kind of guarantee. */
  readonly kind: "lease" | "none";
  /** The reason, as part of a sentence; empty where there is nothing to add. */
  readonly why: string;
}

/** The guarantee among these members (LEASE.md, rules 1 and 10). */
export function guaranteeOf(
  { lease, quorum, nodeCount }: Pick<LegionOptions, "lease" | "quorum" | "nodeCount">,
  members: Membership,
): Guarantee {
  if (lease === "on") return { kind: "lease", why: "" };
  if (lease === "off") return none("legion-lease is off");
  if (nodeCount === undefined) {
    return none("how many nodes a group has is not known: see legion-lease");
  }
  const count = Math.max(nodeCount, nodesHeard(nodeCount, members));
  if (!isMajority(quorum, count)) {
    return none(`legion-quorum is ${quorum}, no majority of ${count} nodes`);
  }
  const { seqless } = members;
  if (seqless !== undefined) return none(`${seqless.name} is a uWSGI node`);
  return { kind: "lease", why: "" };
}

/**
 * The number of nodes heard, this one counted in. A restarted node is two members for a while, of
 * one name and usually one address, and counts once.
 */
function nodesHeard(nodeCount: number, members: Membership): number {
  if (members.size < nodeCount) return 1 + members.size;
  const different = (what: "name" | "from") => new Set([...members].map((one) => one[what])).size;
  return 1 + Math.min(different("name"), different("from"));
}

/** Whether a quorum is more than half of the voters. A lone node needs none. */
export function isMajority(quorum: number, voters: number): boolean {
  return 2 * Math.max(1, quorum) > voters;
}

function none(why: string): Guarantee {
  return { kind: "none", why };
}
