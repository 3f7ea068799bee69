import { assertEquals, assertNotEquals } from "@std/assert";
import { freePorts } from "../../lib/cli/free_ports.ts";

Deno.test("as many ports as wanted, all different, free for UDP and TCP", async () => {
  const ports = [...await freePorts(5), ...await freePorts(5)];
  assertEquals(new Set(ports).size, 10);
  for (const port of ports) {
    assertEquals(port >= 10_000 && port < 30_000, true);
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  }
});

Deno.test("a port in use is passed over", async () => {
  const [port] = await freePorts(1);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: port + 1 });
  const [next] = await freePorts(1);
  listener.close();
  assertNotEquals(next, port + 1);
});
