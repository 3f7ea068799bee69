import { assertEquals } from "@std/assert";
import { parseHetznerFailoverip } from "../../lib/config/hetzner_failoverip.ts";

const list = "user=u,pass=p,ip=4.4.4.4,active_server_ip=1.1.1.1";

Deno.test("every key has its place, decimals and the other names of keys are fine", () => {
  const more = "url=http://127.0.0.1:7/x,timeout=1.5,deadline=9,ssl_no_verify=,ca=/ca.pem,verify=0";
  assertEquals(parseHetznerFailoverip(`${list},${more},reclaim=0,preflight=0`), {
    username: "u",
    password: "p",
    ip: "4.4.4.4",
    activeServerIp: "1.1.1.1",
    url: "http://127.0.0.1:7/x",
    timeoutMs: 1500,
    deadlineMs: 9000,
    sslNoVerify: true,
    ca: "/ca.pem",
    verifyMs: 0,
    reclaim: false,
    preflight: false,
  });
});

Deno.test("the deadline is three timeouts", () => {
  assertEquals(parseHetznerFailoverip(list).deadlineMs, 180_000);
  assertEquals(parseHetznerFailoverip(`${list},timeout=5`).deadlineMs, 15_000);
});

Deno.test("an IPv6 failover subnet is its net address, also in the URL", () => {
  const { url } = parseHetznerFailoverip("user=u,pass=p,ip=2a01:4f8:fff1::,active_ip=2a01:4f8:1::");
  assertEquals(url, "https://robot-ws.your-server.de/failover/2a01:4f8:fff1::");
});
