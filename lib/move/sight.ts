import type { AddressSight } from "./context.ts";
import { isAt, type KeptAddress } from "./provider.ts";

/**
 * Describes where an address was seen to point. A server that is the wanted one has the same spelling
 * as that, so that a reader can compare the two as text.
 */
export function sightOf(
  address: Pick<KeptAddress, "name" | "ip" | "wanted" | "same" | "serverName">,
  found: string | null,
): AddressSight {
  const { name: provider, ip } = address;
  const wanted = address.serverName(address.wanted);
  return { provider, ip, wanted, pointsTo: isAt(address, found, address.wanted) ? wanted : found };
}
