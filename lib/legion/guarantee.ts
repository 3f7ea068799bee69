import type { Membership } from "./membership.ts";
import type { LegionOptions } from "./options.ts";

/**
 * What a legion vouches for: `lease`, that no two nodes are lord at one instant; `none`, that they
 * are not as long as all agree. `why` is a sentence about it, empty where there is nothing to add.
 */
export interface Guarantee {
  readonly kind: "lease" | "none";
  readonly why: string;
}

/** Which it is, given who is there (LEASE.md, rules 1 and 10). */
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
 * A node that has been restarted is two members for a while, of one name, and from one address,
 * unless what it says comes another way.
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
