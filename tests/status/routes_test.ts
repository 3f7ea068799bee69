import { assertEquals, assertStringIncludes } from "@std/assert";
import { respond } from "../../lib/status/routes.ts";
import type { LegionStats } from "../../lib/status/report.ts";
import { legionStats, statsOf } from "./stats.ts";

const stats = statsOf(legionStats());

function ask(path: string, { method = "GET", accept = "", host = "" } = {}, of = stats) {
  return respond({ method, path, accept, host }, () => of, true);
}

Deno.test("/ is the page for a browser, and the stats for what reads uWSGI's", () => {
  const page = ask("/", { accept: "text/html,*/*" });
  assertEquals([page.status, page.type], [200, "text/html; charset=utf-8"]);
  assertStringIncludes(page.body, "<title>failover</title>");
  assertEquals(JSON.parse(ask("/", { accept: "*/*" }).body).legions.length, 1);
});

Deno.test("/stats has all there is, and what is wrong", () => {
  const { status, type, body } = ask("/stats?x=1");
  assertEquals([status, type], [200, "application/json"]);
  assertEquals(JSON.parse(body), { ...stats, schema: 1, verdict: "OK", findings: [] });
});

Deno.test("/stats has the verdict of monitoring", () => {
  const verdictOn = (changed: Partial<LegionStats>) =>
    JSON.parse(ask("/stats", {}, statsOf(legionStats(changed))).body).verdict;
  assertEquals(verdictOn({ memory_trouble: "no notes" }), "WARNING");
  assertEquals(verdictOn({ lords: ["a", "b"] }), "CRITICAL");
});

Deno.test("the page is one document with all of its files, and nothing else may run", async () => {
  const { body, headers } = ask("/", { accept: "text/html" });
  const folder = new URL("../../lib/status/page/", import.meta.url);
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(new URL(name, folder));
    const [line] = text.match(/^ .*$/gm)?.slice(-1) ?? [];
    assertEquals(body.includes(line), true, name);
  }
  assertEquals(/^(import|export) /m.test(body), false);
  const policy = headers?.["Content-Security-Policy"] ?? "";
  const [, nonce] = /style-src 'nonce-(\S+)'; script-src 'nonce-\1'; /.exec(policy) ?? [];
  assertEquals(body.match(/<\/?(script|style)\b.*?>/g), [
    `<style nonce="${nonce}">`,
    "</style>",
    `<script nonce="${nonce}">`,
    "</script>",
  ]);
  assertEquals(policy.includes("unsafe"), false);
  assertEquals(ask("/", { accept: "text/html" }).body.includes(nonce), false);
});

Deno.test("/healthz: 503 when something is critical, 200 for a warning", () => {
  assertEquals(ask("/healthz").status, 200);
  const warned = statsOf(legionStats({ memory_trouble: "the disk is full" }));
  assertEquals(ask("/healthz", {}, warned).status, 200);
  const bad = ask("/healthz", {}, statsOf(legionStats({ voters_up: 1 })));
  assertEquals(bad.status, 503);
  assertStringIncludes(bad.body, "FAILOVER CRITICAL - no quorum");
});

Deno.test("/metrics is Prometheus' text", () => {
  const { status, type, body } = ask("/metrics");
  assertEquals([status, type], [200, "text/plain; version=0.0.4; charset=utf-8"]);
  assertStringIncludes(body, "# TYPE failover_lord gauge");
});

Deno.test("any other path has the stats, as with uWSGI", () => {
  for (const path of ["/nothing", "/__proto__", "/a/b?c"]) {
    assertEquals(ask(path, { accept: "text/html" }), ask("/stats"));
  }
});

Deno.test("a foreign page may read the stats, as uWSGI's, where others than this machine may", () => {
  const request = { method: "GET", path: "/", accept: "", host: "" };
  const { headers } = respond(request, () => stats, false);
  assertEquals(headers, { "Access-Control-Allow-Origin": "*" });
  assertEquals(respond(request, () => stats, true).headers, undefined);
  for (const path of ["/metrics", "/healthz"]) {
    assertEquals(respond({ ...request, path }, () => stats, false).headers, undefined);
  }
});

Deno.test("405 and 400 in their cases", () => {
  const { status, headers } = ask("/stats", { method: "POST" });
  assertEquals([status, headers?.Allow], [405, "GET, HEAD"]);
  assertEquals(respond(undefined, () => stats, true).status, 400);
});

const hosts: Record<string, number> = {
  "": 200,
  "127.0.0.1:1717": 200,
  "127.1.2.3": 200,
  "localhost:8080": 200,
  "[::1]:1717": 200,
  "[::1]": 200,
  "evil.example:1717": 403,
  "127.0.0.1.evil.example": 403,
  "localhost, evil.example": 403,
  "10.0.0.1:1717": 403,
  "[2001:db8::1]:1717": 403,
  ":1717": 403,
};
for (const [host, status] of Object.entries(hosts)) {
  Deno.test(`on loopback, ${host || "no host"} is answered ${status}`, () => {
    assertEquals(ask("/stats", { host }).status, status);
    assertEquals(ask("/metrics", { host }).status, status);
  });
}

Deno.test("elsewhere any host is answered", () => {
  const request = { method: "GET", path: "/stats", accept: "", host: "status.example" };
  assertEquals(respond(request, () => stats, false).status, 200);
});
