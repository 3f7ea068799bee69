import { assertEquals, assertRejects } from "@std/assert";
import { HookError } from "../../lib/hooks/action.ts";
import { runAction } from "../../lib/hooks/registry.ts";
import type { AddressSight, TakeoverStep } from "../../lib/move/context.ts";
import { keptByRobot } from "../../lib/robot/provider.ts";
import { settingsFor, startRobot } from "../lab/robot.ts";
import { AccountGuard } from "../../lib/move/account_guard.ts";

async function setUp(password = "BAR") {
  const robot = await startRobot();
  const abort = new AbortController();
  const lines: string[] = [];
  const sights: AddressSight[] = [];
  const steps: string[] = [];
  const guard = new AccountGuard();
  const unsettled: string[] = [];
  const seen = (sight: AddressSight) => void sights.push(sight);
  return { robot, abort, lines, sights, steps, unsettled, guard, run };

  function run(recheck = () => {}, resumed?: "lord" | "taking over") {
    const failoverip = settingsFor(robot, { password });
    const log = (level: string, message: string) => void lines.push(`${level} ${message}`);
    const about = { legion: "test", event: "lord", node: "a", lord: "a" };
    const context = {
      ...about,
      signal: abort.signal,
      log,
      output() {},
      seen,
      moves: (_: string, step: TakeoverStep) => void steps.push(Object.values(step).join(" ")),
      guard,
      recheck,
      resumed,
      unsettled: (ip: string) => void unsettled.push(ip),
    };
    return runAction({ kind: "hetzner-failoverip", settings: failoverip }, context);
  }
}

Deno.test("the address is routed to the server, with one request", async () => {
  const { robot, lines, sights, steps, run } = await setUp();
  await run();
  assertEquals(steps, ["begun", "asked", "ended routed"]);
  assertEquals(sights, [{
    provider: "hetzner-robot",
    ip: "4.4.4.4",
    wanted: "1.1.1.1",
    pointsTo: "1.1.1.1",
  }]);
  assertEquals([robot.activeServerIp("4.4.4.4"), robot.requests.length], ["1.1.1.1", 1]);
  assertEquals(lines, ["info routing 4.4.4.4 to 1.1.1.1", "info 4.4.4.4 points to 1.1.1.1"]);
  await robot.close();
});

Deno.test("an address that is there already is good, and nothing to warn of", async () => {
  const { robot, lines, steps, run } = await setUp();
  robot.route("4.4.4.4", "1.1.1.1");
  await run();
  assertEquals(lines, [
    "info routing 4.4.4.4 to 1.1.1.1",
    "info 4.4.4.4: POST: FAILOVER_ALREADY_ROUTED: The failover IP is already routed there",
    "info 4.4.4.4 already pointed to 1.1.1.1",
  ]);
  assertEquals(steps, ["begun", "asked", "ended already routed"]);
  assertEquals(robot.requests.map(({ outcome }) => outcome), ["409 FAILOVER_ALREADY_ROUTED"]);
  await robot.close();
});

Deno.test("a refusal is a failure, with the Robot's own code; the password is nowhere", async () => {
  const { robot, lines, run } = await setUp("WRONG-PASSWORD");
  const error = await assertRejects(() => run(), HookError, "refused: UNAUTHORIZED");
  assertEquals([robot.activeServerIp("4.4.4.4"), robot.requests.length], ["2.2.2.2", 1]);
  assertEquals(`${lines} ${error.message}`.includes("WRONG-PASSWORD"), false);
  await robot.close();
});

Deno.test("a login that failed is not tried again, by whichever hook; the next try says why", async () => {
  const { robot, sights, steps, run } = await setUp("WRONG-PASSWORD");
  await assertRejects(() => run(), HookError, "refused: UNAUTHORIZED");
  await assertRejects(() => run(), HookError, "not asked: the login failed at ");
  assertEquals([robot.requests.length, sights.length], [1, 1]);
  assertEquals(steps.slice(-3), ["ended refused", "begun", "ended not asked"]);
  await robot.close();
});

Deno.test("a quota of switches that is used up is not asked again before its time", async () => {
  const { robot, run } = await setUp();
  const fields = { max_request: 50, interval: 3600 };
  robot.fail({ kind: "error", status: 403, code: "RATE_LIMIT_EXCEEDED", fields });
  await assertRejects(() => run(), HookError, "try later: RATE_LIMIT_EXCEEDED");
  await assertRejects(() => run(), HookError, "not asked: the quota is used up for 3600 s more");
  assertEquals(robot.requests.length, 1);
  await robot.close();
});

Deno.test("aborted: the request is cancelled, and nothing is sent afterwards", async () => {
  const { robot, abort, steps, run } = await setUp();
  robot.switchMs = 60_000;
  const running = run();
  await robot.arrived("POST");
  abort.abort(new Error("no longer elected"));
  await assertRejects(() => running, Error, "no longer elected");
  assertEquals((await robot.ended("POST")).outcome, "gone");
  assertEquals(steps, ["begun", "asked", "ended broken off"]);
  assertEquals(robot.requests.length, 1);
  await robot.close();
});

Deno.test("the clock is asked before each request, and nothing is sent where it says no", async () => {
  const { robot, abort, steps, run } = await setUp();
  // A look follows a second later.
  robot.fail({ kind: "error", method: "POST", status: 409, code: "FAILOVER_LOCKED" });
  // Asked before each connection, and again once it is there.
  const sentBefore: number[] = [];
  const recheck = () => {
    sentBefore.push(robot.requests.length);
    if (sentBefore.length === 3) abort.abort(new Error("the lease has run out"));
  };
  await assertRejects(() => run(recheck), Error, "the lease has run out");
  assertEquals([sentBefore, robot.requests.length], [[0, 0, 1], 1]);
  const locked = /^troubled FAILOVER_LOCKED: /;
  assertEquals(steps.map((step) => step.match(locked) ? "locked" : step), [
    "begun",
    "asked",
    "locked",
    "locked",
    "ended broken off",
  ]);
  await robot.close();
});

Deno.test("looks that are used up while an address moves keep no switch from being asked for", async () => {
  const { robot, lines, run } = await setUp();
  const fields = { max_request: 100, interval: 3600 };
  robot.fail(
    { kind: "reset", method: "POST" },
    { kind: "error", method: "GET", status: 403, code: "RATE_LIMIT_EXCEEDED", fields },
  );
  await assertRejects(() => run(), HookError, "RATE_LIMIT_EXCEEDED");
  assertEquals(lines.filter((line) => line.startsWith("warn")).length, 2, lines.join("\n"));
  await run();
  assertEquals(robot.activeServerIp("4.4.4.4"), "1.1.1.1");
  await robot.close();
});

Deno.test("each error is logged, and each wait with its reason", async () => {
  const { robot, lines, run } = await setUp();
  robot.fail({ kind: "error", method: "POST", status: 409, code: "FAILOVER_LOCKED" });
  await run();
  const told = lines.map((line) => line.replace(/in [0-9.]+ s/, "in … s").split(": ").slice(0, 3));
  assertEquals(told.slice(1, 3), [
    ["warn 4.4.4.4", "POST", "FAILOVER_LOCKED"],
    ["info 4.4.4.4", "GET follows in … s", "FAILOVER_LOCKED"],
  ]);
  await robot.close();
});

const resumed = [() => {}, "lord"] as const;

Deno.test("a lord that was one before its restart looks, and asks for no switch", async () => {
  const { robot, lines, sights, unsettled, run } = await setUp();
  robot.route("4.4.4.4", "1.1.1.1");
  await run(...resumed);
  assertEquals([robot.count("GET"), robot.count("POST"), unsettled], [1, 0, []]);
  assertEquals(sights.map(({ pointsTo }) => pointsTo), ["1.1.1.1"]);
  assertEquals(lines, [
    "info does 4.4.4.4 point to 1.1.1.1?",
    "info 4.4.4.4 already pointed to 1.1.1.1",
  ]);
  await robot.close();
});

Deno.test("it moves an address that was taken away meanwhile", async () => {
  const { robot, unsettled, run } = await setUp();
  await run(...resumed);
  assertEquals([robot.count("GET"), robot.count("POST"), unsettled], [1, 1, []]);
  assertEquals(robot.activeServerIp("4.4.4.4"), "1.1.1.1");
  await robot.close();
});

Deno.test("it stays lord where nobody says where the address points, and has it looked at", async () => {
  const { robot, lines, sights, unsettled, run } = await setUp();
  for (let times = 0; times < 2; times++) robot.fail({ kind: "body", status: 503, body: "no" });
  await run(...resumed);
  assertEquals([robot.count("GET"), robot.count("POST"), unsettled], [1, 1, ["4.4.4.4"]]);
  assertEquals(sights.map(({ problem }) => problem?.split(": ").slice(0, 2)), [
    ["presumed there", "MAINTENANCE"],
  ]);
  assertEquals(
    lines.filter((line) =>
      line.startsWith("warn 4.4.4.4 is presumed to point to 1.1.1.1, and looked at again: MAINT")
    ).length,
    1,
  );
  await robot.close();
});

Deno.test("it asks nothing of an account whose login failed, or that has no switch left", async () => {
  for (const code of ["UNAUTHORIZED", "RATE_LIMIT_EXCEEDED"]) {
    const { robot, unsettled, guard, run } = await setUp();
    const { account } = keptByRobot(settingsFor(robot));
    guard.learn(account, "switch", { code, retryAfterMs: 60_000 });
    await run(...resumed);
    assertEquals([robot.requests.length, unsettled], [0, ["4.4.4.4"]]);
    await robot.close();
  }
});

Deno.test("it fails where the address is known to be elsewhere, and is not moved", async () => {
  const { robot, unsettled, run } = await setUp();
  const fields = { max_request: 50, interval: 3600 };
  robot.fail({ kind: "error", method: "POST", status: 403, code: "RATE_LIMIT_EXCEEDED", fields });
  await assertRejects(() => run(...resumed), HookError, "try later: RATE_LIMIT_EXCEEDED");
  assertEquals([robot.requests.length, unsettled], [2, ["4.4.4.4"]]);
  await robot.close();
});

Deno.test("a node that was taking over before its restart looks first, and presumes nothing", async () => {
  const { robot, unsettled, run } = await setUp();
  await run(() => {}, "taking over");
  assertEquals([robot.count("GET"), robot.count("POST")], [1, 1]);
  // The login has worked, and the address must move: it is tried once more.
  for (const _ of ["the look", "the next takeover"]) {
    robot.fail({ kind: "error", status: 401, code: "UNAUTHORIZED" });
    await assertRejects(() => run(() => {}, "taking over"), HookError, "refused: UNAUTHORIZED");
  }
  await assertRejects(() => run(() => {}, "taking over"), HookError, "not asked: the login failed");
  // The last was not asked for: a node that is lord all the same looks again.
  assertEquals(unsettled, ["4.4.4.4"]);
  await robot.close();
});
