import { assertEquals } from "@std/assert";
import { sameAddress } from "../../lib/base/ip_address.ts";
import { sightOf } from "../../lib/move/_sight.ts";

Deno.test("an address that is where it is wanted is told as the settings write that", () => {
  const address = {
    name: "hetzner-robot",
    ip: "2a01:4f8:fff1::",
    wanted: "2A01:4f8:1:0::",
    same: sameAddress,
  };
  const seen = (found: string | null) => sightOf(address, found).pointsTo;
  assertEquals(seen("2a01:4f8:1::"), "2A01:4f8:1:0::");
  assertEquals([seen("2a01:4f8:2::"), seen(null)], ["2a01:4f8:2::", null]);
});
