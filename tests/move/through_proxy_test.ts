import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { getFailover, reachRobot, routeFailover } from "../../lib/robot/client.ts";
import { meaningOf } from "../../lib/robot/meaning.ts";
import { MoveError } from "../../lib/move/move_error.ts";
import type { Simulator } from "../../lib/robot/simulator.ts";
import { makeCertificate } from "../lab/certificate.ts";
import { freePorts } from "../lab/free_ports.ts";
import { httpProxy } from "../lab/http_proxy.ts";
import { accessTo, startRobot, takeover } from "../robot/_setup.ts";

/** Access to a Robot by a name that only the proxy knows. */
function namedAccess(robot: Simulator, proxy: string) {
  const access = accessTo(robot);
  const url = new URL(access.url);
  url.hostname = "robot.invalid";
  return { ...access, url: url.href, proxy };
}

function placeOf({ url }: { readonly url: string }) {
  return { hostname: "127.0.0.1", port: Number(new URL(url).port) };
}

Deno.test("over a proxy https is verified to its end, and the proxy looks the name up", async () => {
  const tls = makeCertificate({ host: "robot.invalid" });
  await using robot = await startRobot({ tls });
  await using proxy = httpProxy({ leadsTo: placeOf(robot) });
  const access = { ...namedAccess(robot, proxy.url), ca: tls.cert };
  assertEquals((await getFailover(access)).ip, "4.4.4.4");
  assertEquals((await routeFailover(access)).activeServerIp, "2.2.2.2");
  const connect = `CONNECT robot.invalid:${placeOf(robot).port} HTTP/1.1`;
  assertEquals(proxy.requests, [connect, connect]);
  const wrong = await assertRejects(() => getFailover({ ...access, ca: undefined }), MoveError);
  assertEquals([wrong.kind, wrong.code], ["untrusted", "CERT_UNKNOWN_ISSUER"]);
  assertEquals((await getFailover({ ...access, ca: undefined, sslNoVerify: true })).ip, "4.4.4.4");
});

Deno.test("over a proxy http is asked for by its whole URL", async () => {
  await using robot = await startRobot();
  await using proxy = httpProxy({ leadsTo: placeOf(robot) });
  const access = namedAccess(robot, proxy.url);
  assertEquals((await getFailover(access)).ip, "4.4.4.4");
  assertEquals(proxy.requests, [`GET ${access.url} HTTP/1.1`]);
});

Deno.test("a proxy is told user and password, and is left alone with none", async () => {
  const tls = makeCertificate({ host: "robot.invalid" });
  for (const robotTls of [undefined, tls]) {
    await using robot = await startRobot({ tls: robotTls });
    const wants = `Basic ${btoa("us:er")}`;
    await using proxy = httpProxy({ leadsTo: placeOf(robot), wants });
    const url = proxy.url.replace("//", "//us:er@");
    assertEquals((await getFailover({ ...namedAccess(robot, url), ca: tls.cert })).ip, "4.4.4.4");
  }
});

Deno.test("a proxy that refuses the login is asked once, and named without the password", async () => {
  const tls = makeCertificate({ host: "robot.invalid" });
  await using robot = await startRobot({ tls });
  await using proxy = httpProxy({ leadsTo: placeOf(robot), wants: "Basic other" });
  const url = proxy.url.replace("//", "//us:Secret@");
  const access = { ...namedAccess(robot, url), ca: tls.cert };
  const result = await takeover({ ...access, deadlineMs: 30_000 });
  assertEquals(result.outcome, "refused");
  assert("code" in result && result.code === "PROXY_UNAUTHORIZED");
  assertMatch(result.message, RegExp(`the proxy 127.0.0.1:${proxy.port} refuses the login`));
  assertEquals([result.message.includes("Secret"), proxy.requests.length], [false, 1]);
  assertEquals(robot.requests.length, 0);
});

Deno.test("whatever else a proxy says, nothing was sent to the Robot, and it is told", async () => {
  const [nobody] = freePorts(1);
  const cases: [says: string, code: string, words: RegExp][] = [
    ["HTTP/1.1 403 No\r\n\r\n", "PROXY_REFUSED", /answers 403 Forbidden: .* to robot.invalid:\d+/],
    ["HTTP/1.1 502 Bad\r\n\r\n", "PROXY_REFUSED", /answers 502 Bad Gateway/],
    ["HTTP/1.1 302 Off\r\nLocation: /\r\n\r\n", "PROXY_REFUSED", /answers 302 Found/],
    ["SSH-2.0\r\n", "CONNECTION_FAILED", /the proxy 127.0.0.1:\d+: the reply is not HTTP/],
    ["", "CONNECTION_FAILED", /the proxy 127.0.0.1:\d+: closed before/],
    ["HTTP/1.1 200 OK\r\n\r\nhello", "CONNECTION_FAILED", /the proxy goes on after its reply/],
    [`HTTP/1.1 200 OK\r\nA: ${"b".repeat(200_000)}`, "CONNECTION_FAILED", /longer than/],
  ];
  const url = "https://robot.invalid/failover/4.4.4.4";
  const access = { username: "u", password: "p", ip: "4.4.4.4", url, timeoutMs: 10_000 };
  for (const [says, code, words] of cases) {
    await using proxy = httpProxy({ says });
    const error = await assertRejects(
      () => getFailover({ ...access, proxy: proxy.url }),
      MoveError,
    );
    assertEquals([error.kind, error.code, meaningOf(error)], ["unsent", code, "unsent"], says);
    assertMatch(error.message, words);
  }
  const proxy = `http://127.0.0.1:${nobody}`;
  const dead = await assertRejects(() => getFailover({ ...access, proxy }), MoveError);
  assertEquals([dead.kind, dead.code], ["unsent", "ECONNREFUSED"]);
  assertMatch(dead.message, /no connection: the proxy 127\.0\.0\.1:\d+: connection refused/);
});

Deno.test("reach: it goes through the proxy as well, and says so", async () => {
  const tls = makeCertificate({ host: "robot.invalid" });
  await using robot = await startRobot({ tls });
  await using proxy = httpProxy({ leadsTo: placeOf(robot) });
  const found = await reachRobot({ ...namedAccess(robot, proxy.url), ca: tls.cert });
  assertEquals([found.certificate, found.address, found.proxy], [
    "verified",
    "",
    `127.0.0.1:${proxy.port}`,
  ]);
  assert(found.host.startsWith("robot.invalid:"));
  assertEquals([proxy.requests.length, robot.requests.length], [1, 0]);
});
