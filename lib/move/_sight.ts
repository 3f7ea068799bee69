import type { AddressSight } from "./context.ts";
import { isAt, type KeptAddress } from "./provider.ts";

/**
 * Where an address was seen to point. When it is where it is wanted, that is told as the settings
 * write it, so that whoever reads of it need not know how addresses are compared.
 */
export function sightOf(
  address: Pick<KeptAddress, "ip" | "wanted" | "same">,
  found: string | null,
): AddressSight {
  const { ip, wanted } = address;
  return { ip, wanted, pointsTo: isAt(address, found, wanted) ? wanted : found };
}
