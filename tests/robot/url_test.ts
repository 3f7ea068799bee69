import { assertEquals } from "@std/assert";
import { failoverListUrl, failoverUrl } from "../../lib/robot/url.ts";

Deno.test("the URL of an address, at the Robot and elsewhere", () => {
  assertEquals(failoverUrl("4.4.4.4"), "https://robot-ws.your-server.de/failover/4.4.4.4");
  assertEquals(
    failoverUrl("4.4.4.4", "http://localhost:80/"),
    "http://localhost:80/failover/4.4.4.4",
  );
  assertEquals(failoverUrl("2A01:04F8:FFF1:0::", "http://h"), "http://h/failover/2a01:4f8:fff1::");
  assertEquals(failoverUrl("no/address", "http://h"), "http://h/failover/no%2Faddress");
});

Deno.test("the URL of the list, from an address's", () => {
  assertEquals(failoverListUrl(failoverUrl("4.4.4.4", "http://h:81")), "http://h:81/failover");
  assertEquals(
    failoverListUrl("https://h/robot/failover/2a01:4f8::?x"),
    "https://h/robot/failover",
  );
});
