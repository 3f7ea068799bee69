import type { Address } from "../base/address.ts";
import { castingOf, isWildcard, normalAddress } from "./address.ts";
import type { LegionConfig } from "./config.ts";

/** The nodes that vote in a legion, as one of them sees them (LEASE.md, rule 2). */
export interface Voters {
  /**
   * The listed nodes, and this one where it is known: `host:port` in normal form, sorted, each once.
   * Empty where no nodes are listed, as in a group.
   */
  readonly voters: readonly string[];
  /** This node's own entry in the list; undefined where it is not known (yet). */
  readonly node?: string;
}

/** The fields of a legion's configuration that tell who votes. */
export type VotersConfig = Pick<LegionConfig, "address" | "casting" | "nodes" | "ownAddress">;

/**
 * The voters of a legion. This node's own entry is `legion-address` where that is given, else the
 * address that the node listens on. A wildcard or the address of a group is no node's: there it is
 * the one listed address, of the same port, that this machine has.
 *
 * @param localHosts the addresses of this machine, asked for only where they matter
 */
export function votersOf(config: VotersConfig, localHosts: () => readonly string[]): Voters {
  const { address, casting, nodes, ownAddress } = config;
  const listed = nodes.filter((node) => castingOf(node) === "unicast" && !isWildcard(node));
  if (casting !== "unicast" && listed.length === 0) return { voters: [] };
  const isOwn = casting === "unicast" && !isWildcard(address);
  const own = ownAddress ?? (isOwn ? address : listedHere(listed, address.port, localHosts));
  const voters = own === undefined ? listed : [...listed, own];
  return {
    voters: [...new Set(voters.map(normalAddress))].sort(),
    node: own && normalAddress(own),
  };
}

/** The only listed address that is on this machine; undefined: there is none, or more than one. */
function listedHere(
  listed: readonly Address[],
  port: number,
  localHosts: () => readonly string[],
): Address | undefined {
  const candidates = listed.filter((node) => node.port === port);
  if (candidates.length === 0) return undefined;
  const local = new Set(localHosts().map((host) => normalAddress({ host, port })));
  const here = candidates.filter((node) => local.has(normalAddress(node)));
  return here.length === 1 ? here[0] : undefined;
}

/** The fewest of so many nodes that are more than half of them. */
export function majorityOf(nodeCount: number): number {
  return Math.floor(nodeCount / 2) + 1;
}
