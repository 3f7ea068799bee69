import { assertEquals } from "@std/assert";
import { sightOf } from "../../lib/hooks/_sight.ts";

Deno.test("an address that is where it is wanted is told as the settings write that", () => {
  const settings = { ip: "2a01:4f8:fff1::", activeServerIp: "2A01:4f8:1:0::" };
  const seen = (found: string | null) => sightOf(settings, found).activeServerIp;
  assertEquals(seen("2a01:4f8:1::"), "2A01:4f8:1:0::");
  assertEquals([seen("2a01:4f8:2::"), seen(null)], ["2a01:4f8:2::", null]);
});
