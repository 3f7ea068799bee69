import { assertEquals } from "@std/assert";
import { failoverListUrl, failoverUrl, robotUrl, usualListUrl } from "../../lib/robot/url.ts";

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

const usual: [ip: string, url: string, list: string | undefined][] = [
  ["4.4.4.4", failoverUrl("4.4.4.4"), `${robotUrl}/failover`],
  ["2A01:4F8:fff1:0::", failoverUrl("2a01:4f8:fff1::"), `${robotUrl}/failover`],
  [
    "4.4.4.4",
    "http://127.0.0.1:8080/robot/failover/4.4.4.4",
    "http://127.0.0.1:8080/robot/failover",
  ],
  ["4.4.4.4", "https://robot.example/failover/5.5.5.5", undefined],
  ["4.4.4.4", "https://robot.example/failover/4.4.4.4?key=1", undefined],
  ["4.4.4.4", "https://robot.example/4.4.4.4", undefined],
  ["4.4.4.4", "https://robot.example/", undefined],
];
for (const [ip, url, list] of usual) {
  Deno.test(`usualListUrl: ${url} has ${list === undefined ? "no list" : "a list"} above it`, () => {
    assertEquals(usualListUrl(ip, url), list);
  });
}
