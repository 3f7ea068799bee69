import type { AddressSight } from "./context.ts";
import { isAt, type KeptAddress } from "./provider.ts";

/**
 * Describes where an address was seen to point. A server that is the wanted one is spelled as in
 * the settings, so that a reader can compare the two as text.
 */
export function sightOf(
  address: Pick<KeptAddress, "name" | "ip" | "wanted" | "same">,
  found: string | null,
): AddressSight {
  const { name: provider, ip, wanted } = address;
  return { provider, ip, wanted, pointsTo: isAt(address, found, wanted) ? wanted : found };
}
