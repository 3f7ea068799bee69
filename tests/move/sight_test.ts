import { assertEquals } from "@std/assert";
import { sameAddress } from "../../lib/base/ip_address.ts";
import { sightOf } from "../../lib/move/sight.ts";

Deno.test("an address that is where it is wanted is told as the settings write that", () => {
  const address = {
    name: "hetzner-robot",
    ip: "2a01:4f8:fff1::",
    wanted: "2A01:4f8:1:0::",
    same: sameAddress,
    serverName: (server: string) => server,
  };
  const seen = (found: string | null) => sightOf(address, found).pointsTo;
  assertEquals(seen("2a01:4f8:1::"), "2A01:4f8:1:0::");
  assertEquals([seen("2a01:4f8:2::"), seen(null)], ["2a01:4f8:2::", null]);
});

Deno.test("a server of another name in the settings is told by its own", () => {
  const nameOf = (server: string) => server === "self" ? "42" : server;
  const same = (a: string, b: string) => nameOf(a) === nameOf(b);
  const address = { name: "acme", ip: "web", wanted: "self", same, serverName: nameOf };
  const { wanted, pointsTo } = sightOf(address, "42");
  assertEquals([wanted, pointsTo], ["42", "42"]);
});
