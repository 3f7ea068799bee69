import { assertEquals, assertThrows } from "@std/assert";
import { freePorts as choose } from "../../../lib/cli/demo/free_ports.ts";
import { freePorts } from "../../lab/free_ports.ts";

Deno.test("as many ports as wanted, all different, free for UDP and TCP", () => {
  const ports = choose(5);
  assertEquals(new Set(ports).size, 5);
  for (const port of ports) {
    assertEquals(port >= 20_000 && port < 30_000, true);
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  }
});

Deno.test("a port in use is passed over; without enough there is an error", () => {
  const ports = freePorts(3);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: ports[1] });
  assertEquals(choose(2, ports), [ports[0], ports[2]]);
  assertThrows(() => choose(3, ports), Error, "there are not enough free ports");
  listener.close();
});

Deno.test("a test is never given the same port twice in a row", () => {
  const ports = [...freePorts(20), ...freePorts(20)];
  assertEquals(new Set(ports).size, 40);
});
