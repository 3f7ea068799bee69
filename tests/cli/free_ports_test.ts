import { assertEquals, assertRejects } from "@std/assert";
import { freePorts as choose } from "../../lib/cli/free_ports.ts";
import { freePorts } from "../free_ports.ts";

Deno.test("as many ports as wanted, all different, free for UDP and TCP", async () => {
  const ports = await choose(5);
  assertEquals(new Set(ports).size, 5);
  for (const port of ports) {
    assertEquals(port >= 10_000 && port < 30_000, true);
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  }
});

Deno.test("a port in use is passed over; without enough there is an error", async () => {
  const ports = await freePorts(3);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: ports[1] });
  assertEquals(await choose(2, ports), [ports[0], ports[2]]);
  await assertRejects(() => choose(3, ports), Error, "there are not enough free ports");
  listener.close();
});

Deno.test("a test is never given the same port twice in a row", async () => {
  const ports = [...await freePorts(20), ...await freePorts(20)];
  assertEquals(new Set(ports).size, 40);
});
