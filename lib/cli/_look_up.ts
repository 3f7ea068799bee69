import type { AccountGuard } from "../move/account_guard.ts";
import { look } from "../move/look.ts";
import type { KeptAddress } from "../move/provider.ts";
import type { AddressStats } from "../status/report.ts";

/**
 * Asks the provider where an address points, unless the account must not be asked now.
 *
 * @throws the signal's reason when it is aborted
 */
export async function lookedUp(
  address: KeptAddress,
  guard: AccountGuard,
  signal: AbortSignal = new AbortController().signal,
): Promise<AddressStats> {
  const { ip, wanted } = address;
  let stats: AddressStats = { ip, wanted, active_server_ip: null, seen: 0, problem: "" };
  await look(address, {
    signal,
    guard,
    seen({ pointsTo, problem = "" }) {
      const seen = pointsTo === undefined ? 0 : Math.floor(Date.now() / 1000);
      stats = { ...stats, active_server_ip: pointsTo ?? null, seen, problem };
    },
  });
  return stats;
}
