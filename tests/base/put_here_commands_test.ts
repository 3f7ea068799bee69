import { assertEquals } from "@std/assert";
import { putHereCommands } from "../../lib/base/put_here_commands.ts";

Deno.test("putHereCommands: of a subnet an address that a service can have, and the whole net", () => {
  assertEquals(putHereCommands("4.4.4.4"), ["ip address add 4.4.4.4/32 dev lo"]);
  assertEquals(putHereCommands("2A01:4f8:fff1:0::"), [
    "ip -6 address add 2a01:4f8:fff1::2/64 dev lo",
    "ip -6 route add local 2a01:4f8:fff1::/64 dev lo",
  ]);
});
