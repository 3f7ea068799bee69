import { assertEquals } from "@std/assert";
import { parseAddress } from "../../lib/config/address.ts";
import { countNodes, majorityOf } from "../../lib/config/node_count.ts";

function count(address: string, ...nodes: string[]) {
  const config = { address: parseAddress(address), nodes: nodes.map(parseAddress) };
  return countNodes({ ...config, casting: "unicast" }, () => ["127.0.0.1", "10.0.0.1"]);
}

Deno.test("this node counts once, whether it is among the nodes or not", () => {
  assertEquals(count("10.0.0.1:2000"), 1);
  assertEquals(count("10.0.0.1:2000", "10.0.0.2:2000", "10.0.0.3:2000"), 3);
  assertEquals(count("10.0.0.1:2000", "10.0.0.1:2000", "10.0.0.2:2000"), 2);
  assertEquals(count("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"), 3);
});

Deno.test("a node that listens on all addresses knows itself by those of the machine", () => {
  assertEquals(count(":2000", "10.0.0.1:2000", "10.0.0.2:2000"), 2);
  assertEquals(count(":2000", "10.0.0.9:2000", "10.0.0.2:2000"), 3);
});

Deno.test("how many are in a group is not known", () => {
  const address = { host: "225.1.1.1", port: 1 };
  for (const casting of ["multicast", "broadcast"] as const) {
    assertEquals(countNodes({ address, casting, nodes: [address] }, () => []), undefined);
  }
});

Deno.test("a majority is more than half", () => {
  assertEquals([1, 2, 3, 4, 5].map(majorityOf), [1, 2, 2, 3, 3]);
});
