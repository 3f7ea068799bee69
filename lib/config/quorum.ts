import type { LegionConfig } from "./config.ts";
import { majorityOf } from "./voters.ts";

/** A quorum that keeps all nodes, or two halves, from what it is for. */
export interface QuorumFault {
  /** The fault in words. */
  readonly why: string;
  /** The line of the configuration that would be right; empty: the nodes are not listed. */
  readonly right: string;
  /** Whether there is never a lord with it. */
  readonly isNeverMet: boolean;
}

/** The fault of a legion's quorum; undefined: there is none. */
export function quorumFault(
  { name, quorum, voters, node }: Pick<LegionConfig, "name" | "quorum" | "voters" | "node">,
): QuorumFault | undefined {
  const { length: count } = voters;
  const halves = "each of two halves may have a lord";
  if (count === 0) {
    const why = `without legion-quorum ${halves}`;
    return quorum > 0 ? undefined : { why, right: "", isNeverMet: false };
  }
  const right = `legion-quorum = ${name} ${majorityOf(count)}`;
  // As long as this node is not known it may be one more than those that are listed.
  if (quorum > (node === undefined ? count + 1 : count)) {
    const nodes = `${count} node${count === 1 ? "" : "s"}`;
    const why = `legion-quorum is ${quorum}, and it has ${nodes}: there is never a lord`;
    return { why, right: `${right}, or the legion-node lines that are missing`, isNeverMet: true };
  }
  if (count === 1 || quorum >= majorityOf(count)) return undefined;
  const why = quorum === 0
    ? `without legion-quorum ${halves}`
    : `legion-quorum is ${quorum}, at most half of its ${count} nodes: ${halves}`;
  return { why, right, isNeverMet: false };
}

/** The fault as a warning, without its place. */
export function quorumWarning({ why, right }: QuorumFault): string {
  return right === "" ? why : `${why}: ${right}`;
}
