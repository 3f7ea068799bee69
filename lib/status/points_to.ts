import type { AddressStats } from "./address_stats.ts";

/**
 * Where an address was seen to point; null: nowhere. A node of an older version, which may still run
 * when `failover status` is new, tells it as `active_server_ip` alone.
 */
export function pointsTo({ points_to, active_server_ip }: AddressStats): string | null {
  return points_to ?? active_server_ip;
}
