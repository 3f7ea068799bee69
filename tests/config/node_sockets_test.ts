import { assertEquals } from "@std/assert";
import { socketsIn, socketsNamed } from "../../lib/config/node_sockets.ts";

Deno.test("socketsIn: a pair a node, named for its address in the normal form", () => {
  assertEquals(socketsIn("/run/failover", { host: "10.0.0.1", port: 2000 }), {
    node: "10.0.0.1:2000",
    folder: "/run/failover",
    status: "/run/failover/10.0.0.1:2000.status",
    control: "/run/failover/10.0.0.1:2000.control",
  });
  const { status } = socketsIn("/run/x", { host: "FD09:0:0:0:0:0:0:1", port: 2000 });
  assertEquals(status, "/run/x/[fd09::1]:2000.status");
});

Deno.test("socketsNamed: the same sockets, by the name of a file", () => {
  for (const host of ["0.0.0.0", "225.1.1.1", "fd09::1"]) {
    const sockets = socketsIn("/run/x", { host, port: 4242 });
    assertEquals(socketsNamed("/run/x", sockets.status.slice("/run/x/".length)), sockets);
  }
});

for (
  const name of [
    "10.0.0.1:2000.control",
    "failover@10.0.0.1%3A2000.notes",
    "one.status",
    "10.0.0.1.status",
    "[FD09:0::1]:2000.status",
    ":2000.status",
    ".status",
    "10.0.0.1:99999.status",
  ]
) {
  Deno.test(`socketsNamed: no node's status socket: ${name}`, () => {
    assertEquals(socketsNamed("/run/x", name), undefined);
  });
}
