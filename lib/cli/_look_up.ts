import type { AccountGuard } from "../move/account_guard.ts";
import { look } from "../move/look.ts";
import type { KeptAddress } from "../move/provider.ts";
import type { AddressStats } from "../status/address_stats.ts";
import { recallAddresses } from "./recall_addresses.ts";

/**
 * Asks the provider where an address points, unless the account must not be asked now.
 *
 * @param isThorough whether to ask also for what would keep the address from being moved
 * @throws the signal's reason when it is aborted
 */
export async function lookedUp(
  address: KeptAddress,
  guard: AccountGuard,
  signal: AbortSignal = new AbortController().signal,
  isThorough = false,
): Promise<AddressStats> {
  recallAddresses();
  const { name: provider, ip, wanted } = address;
  const nowhere = { points_to: null, active_server_ip: null };
  let stats: AddressStats = {
    ip,
    wanted,
    provider,
    ...nowhere,
    seen: 0,
    seen_by: "",
    taken_over_by: "",
    problem: "",
  };
  await look(address, {
    signal,
    guard,
    seen({ wanted, pointsTo: to = null, problem = "" }) {
      const seen = problem === "" ? Math.floor(Date.now() / 1000) : 0;
      stats = { ...stats, wanted, points_to: to, active_server_ip: to, seen, problem };
    },
  }, isThorough);
  return stats;
}
