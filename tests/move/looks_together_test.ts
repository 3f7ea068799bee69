import { assertEquals, assertRejects } from "@std/assert";
import { AccountGuard } from "../../lib/move/account_guard.ts";
import type { AddressSight } from "../../lib/move/context.ts";
import { lookTogether } from "../../lib/move/look.ts";
import type { KeptSettings } from "../../lib/robot/provider.ts";
import { keptByRobot } from "../../lib/robot/provider.ts";
import { startSimulator } from "../../lib/robot/simulator.ts";
import { settingsFor } from "../lab/robot.ts";
import { soon } from "../lab/soon.ts";

/** A Robot with so many addresses, the first at server 1 and the rest at server 2. */
async function setUp(count: number, { strangers = 0 } = {}) {
  let nowMs = 0;
  const ips = Array.from({ length: count }, (_, at) => `4.4.4.${at}`);
  const others = Array.from({ length: strangers }, (_, at) => `5.5.${at >> 8}.${at & 255}`);
  const robot = await startSimulator({
    accounts: [{ username: "FOO", password: "BAR" }],
    servers: [{ number: 1, ip: "1.1.1.1" }, { number: 2, ip: "2.2.2.2" }],
    failovers: [...ips, ...others].map((ip, at) => ({
      ip,
      activeServerIp: at === 0 ? "1.1.1.1" : "2.2.2.2",
    })),
    quota: { gets: 1_000, posts: 0, intervalMs: 1 },
  });
  const sights: AddressSight[] = [];
  const guard = new AccountGuard(() => nowMs);
  const context = {
    guard,
    seen: (sight: AddressSight) => void sights.push(sight),
    signal: new AbortController().signal,
  };
  const address = (ip: string, changed: Partial<KeptSettings> = {}) =>
    keptByRobot(settingsFor(robot, { ip, url: robot.failoverUrl(ip), ...changed }));
  return {
    robot,
    ips,
    sights,
    guard,
    context,
    address,
    look: (ip: string, signal = context.signal, changed: Partial<KeptSettings> = {}) =>
      lookTogether(address(ip, changed), { ...context, signal }),
    paths: () => robot.requests.map(({ path }) => path),
    pass: (ms: number) => nowMs += ms,
    [Symbol.asyncDispose]: () => robot.close(),
  };
}

Deno.test("nine addresses of an account that are looked at at once are one request", async () => {
  await using stage = await setUp(9);
  const { ips, look, sights, paths } = stage;
  const found = await Promise.all(ips.map((ip) => look(ip)));
  assertEquals(paths(), ["/failover"]);
  assertEquals(found.map((one) => "problem" in one ? one.problem : one.pointsTo), [
    "1.1.1.1",
    ...Array(8).fill("2.2.2.2"),
  ]);
  assertEquals(sights.map(({ ip }) => ip), ips);
});

Deno.test("one address is looked at by itself, also where the account has others", async () => {
  await using stage = await setUp(2);
  const { look, paths } = stage;
  await look("4.4.4.0");
  await look("4.4.4.1");
  assertEquals(paths(), ["/failover/4.4.4.0", "/failover/4.4.4.1"]);
});

Deno.test("one that is not in the list is asked for alone, which tells why", async () => {
  await using stage = await setUp(2);
  const { look, paths } = stage;
  const [known, , unknown] = await Promise.all(["4.4.4.0", "4.4.4.1", "9.9.9.9"].map((ip) => {
    return look(ip);
  }));
  assertEquals("problem" in known, false);
  assertEquals("problem" in unknown && unknown.code, "NOT_FOUND");
  assertEquals(paths(), ["/failover", "/failover/9.9.9.9"]);
});

Deno.test("a list that is too long to be read is not asked for again for an hour", async () => {
  await using stage = await setUp(2, { strangers: 1_000 });
  const { ips, look, pass, paths } = stage;
  const each = ips.map((ip) => `/failover/${ip}`);
  for (const [, asked] of [1, 2].entries()) {
    const found = await Promise.all(ips.map((ip) => look(ip)));
    assertEquals(found.map((one) => "problem" in one), [false, false], `${asked}`);
  }
  assertEquals(paths(), ["/failover", ...each, ...each]);
  pass(3_600_000);
  await Promise.all(ips.map((ip) => look(ip)));
  assertEquals(paths().slice(5), ["/failover", ...each]);
});

Deno.test("a list that does not exist leaves each address its own request", async () => {
  await using stage = await setUp(2);
  const { robot, ips, look, paths } = stage;
  robot.fail({ kind: "error", status: 404, code: "NOT_FOUND" });
  const found = await Promise.all(ips.map((ip) => look(ip)));
  assertEquals(found.map((one) => "problem" in one), [false, false]);
  assertEquals(paths().length, 3);
});

Deno.test("a wrong password is sent once, and maintenance is met once", async () => {
  await using stage = await setUp(3);
  const { robot, ips, look, context } = stage;
  robot.fail({ kind: "body", status: 503, body: "<html>" });
  const closed = await Promise.all(ips.map((ip) => look(ip)));
  assertEquals(closed.map((one) => "code" in one && one.code), Array(3).fill("MAINTENANCE"));
  assertEquals(robot.requests.length, 1);
  const wrong = await Promise.all(ips.map((ip) => {
    return look(ip, context.signal, { password: "WRONG" });
  }));
  assertEquals(wrong.map((one) => "code" in one && one.code), Array(3).fill("UNAUTHORIZED"));
  assertEquals(robot.requests.length, 2);
});

Deno.test("settings that ask elsewhere do not join the others", async () => {
  await using stage = await setUp(2);
  const { robot, look, context, paths } = stage;
  const { signal } = context;
  await Promise.all([
    look("4.4.4.0", signal),
    look("4.4.4.1", signal, { url: `${robot.url}/proxy?ip=4.4.4.1` }),
  ]);
  assertEquals(paths().toSorted(), ["/failover/4.4.4.0", "/proxy"]);
});

Deno.test("a look that is no longer wanted leaves the others theirs; the last one ends the request", async () => {
  await using stage = await setUp(2);
  const { robot, ips, look } = stage;
  robot.fail({ kind: "hang" });
  const aborts = ips.map(() => new AbortController());
  const looks = ips.map((ip, at) => look(ip, aborts[at].signal));
  await soon(robot.arrived("GET"));
  aborts[0].abort(new Error("first"));
  await assertRejects(() => looks[0], Error, "first");
  assertEquals(robot.requests[0].outcome, undefined);
  aborts[1].abort(new Error("second"));
  await assertRejects(() => looks[1], Error, "second");
  assertEquals((await soon(robot.ended("GET"))).outcome, "gone");
});

Deno.test("looks that are no longer wanted before they are sent are not sent", async () => {
  await using stage = await setUp(2);
  const { robot, ips, look } = stage;
  const abort = new AbortController();
  const looks = ips.map((ip) => look(ip, abort.signal));
  abort.abort(new Error("enough"));
  const ends = await Promise.allSettled(looks);
  assertEquals(ends.map(({ status }) => status), ["rejected", "rejected"]);
  await Promise.all(ips.map((ip) => look(ip)));
  assertEquals(robot.requests.map(({ path }) => path), ["/failover"]);
});
