import { assertEquals } from "@std/assert";
import { pointsTo } from "../../lib/status/points_to.ts";
import type { AddressStats } from "../../lib/status/address_stats.ts";

Deno.test("where an address points is told by nodes of both versions", () => {
  const told = (stats: Partial<AddressStats>) => pointsTo(stats as AddressStats);
  assertEquals(told({ points_to: "1.1.1.1", active_server_ip: "1.1.1.1" }), "1.1.1.1");
  assertEquals(told({ points_to: null, active_server_ip: null }), null);
  assertEquals(told({ active_server_ip: "1.1.1.1" }), "1.1.1.1");
  assertEquals(told({ active_server_ip: null }), null);
});
