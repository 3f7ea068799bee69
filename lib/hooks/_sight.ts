import { sameAddress } from "../base/ip_address.ts";
import type { AddressSight } from "./action.ts";
import type { FailoveripSettings } from "./hetzner_failoverip.ts";

/**
 * Where an address was seen to point. When it is where it is wanted, that is told as the settings
 * write it, so that whoever reads of it need not know how addresses are compared.
 */
export function sightOf(
  { ip, activeServerIp: wanted }: Pick<FailoveripSettings, "ip" | "activeServerIp">,
  found: string | null,
): AddressSight {
  const here = found !== null && sameAddress(found, wanted);
  return { ip, wanted, activeServerIp: here ? wanted : found };
}
