import { normalHost } from "./address.ts";
import type { Address } from "../base/address.ts";
import type { Casting } from "./config.ts";

/**
 * The number of nodes that a configuration gives a legion, this one always included, whether or not
 * it is listed. Undefined with a multicast or broadcast address, whose nodes nobody can count.
 *
 * @param localHosts the addresses of this machine, for a node that listens on all of them
 */
export function countNodes(
  { address, casting, nodes }: { address: Address; casting: Casting; nodes: readonly Address[] },
  localHosts: () => readonly string[],
): number | undefined {
  if (casting !== "unicast") return undefined;
  const own = isWildcard(address) ? localHosts() : [normalHost(address)];
  const others = nodes.filter((node) =>
    node.port !== address.port || !own.includes(normalHost(node))
  );
  return 1 + others.length;
}

function isWildcard({ host }: Address): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** The fewest of so many nodes that are more than half of them. */
export function majorityOf(nodeCount: number): number {
  return Math.floor(nodeCount / 2) + 1;
}
