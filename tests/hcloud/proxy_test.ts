import { assertEquals } from "@std/assert";
import { reachCloud } from "../../lib/hcloud/client.ts";
import { ownServerId } from "../../lib/hcloud/self.ts";
import { httpProxy } from "../lab/http_proxy.ts";

Deno.test("the Cloud is reached through a proxy, and the name is the proxy's to look up", async () => {
  await using proxy = httpProxy();
  const { url } = proxy;
  const place = { url: "http://cloud.invalid/v1", timeoutMs: 5_000, proxy: url };
  assertEquals((await reachCloud(place)).proxy, `127.0.0.1:${proxy.port}`);
});

Deno.test("the metadata service is this machine's own, and asked without a proxy", async () => {
  await using proxy = httpProxy({ says: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n77" });
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answering = (async () => {
    using client = await listener.accept();
    await client.read(new Uint8Array(4_096));
    const reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n42";
    await client.write(new TextEncoder().encode(reply));
  })();
  // A name, since this machine's own addresses have no proxy in any case.
  Deno.env.set("http_proxy", proxy.url);
  try {
    const url = `http://this-server.localhost:${listener.addr.port}/instance-id`;
    assertEquals(await ownServerId(url, { timeoutMs: 5_000 }), 42);
  } finally {
    Deno.env.delete("http_proxy");
  }
  await answering;
  assertEquals(proxy.requests, []);
});
