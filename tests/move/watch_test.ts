import { assertEquals, assertMatch } from "@std/assert";
import type { KeptSettings } from "../../lib/robot/provider.ts";
import { watch } from "../../lib/move/watch.ts";
import type { Simulator } from "../../lib/robot/simulator.ts";
import { keptAddress, startRobot } from "../lab/robot.ts";
import { AccountGuard } from "../../lib/move/account_guard.ts";

/**
 * Watches with waits that take no time; `between` is called with the number of each wait, and the
 * watch is ended at the last of them.
 */
async function watched(
  waits: number,
  between: (robot: Simulator, wait: number) => void,
  changed: Partial<KeptSettings> = {},
) {
  await using robot = await startRobot();
  robot.route("4.4.4.4", "1.1.1.1");
  const abort = new AbortController();
  const lines: string[] = [];
  const seen: string[] = [];
  const waited: number[] = [];
  await watch(keptAddress(robot, changed), {
    signal: abort.signal,
    guard: new AccountGuard(),
    recheck() {},
    moves() {},
    log: (level, message) => void lines.push(`${level} ${message}`),
    seen: ({ pointsTo, problem }) => void seen.push(pointsTo ?? problem ?? "nowhere"),
  }, (ms) => {
    waited.push(ms / 1000);
    if (waited.length === waits) abort.abort();
    between(robot, waited.length);
    abort.signal.throwIfAborted();
    return Promise.resolve();
  });
  const requests = robot.requests.map(({ method }) => method);
  return { lines, waited, seen, requests, pointsTo: robot.activeServerIp("4.4.4.4") };
}

const movedAt = (nth: number) => (robot: Simulator, wait: number) => {
  if (wait === nth) robot.route("4.4.4.4", "2.2.2.2");
};

Deno.test("an address that stays is looked at every verify seconds, without a word", async () => {
  const { lines, waited, requests } = await watched(4, () => {}, { verifyMs: 60_000 });
  assertEquals([lines, waited], [[], [60, 60, 60, 60]]);
  assertEquals(requests, ["GET", "GET", "GET"]);
});

Deno.test("one that has moved, and 10 s later still is elsewhere, is taken back", async () => {
  const { lines, waited, seen, requests, pointsTo } = await watched(3, movedAt(1));
  assertEquals(seen, ["2.2.2.2", "2.2.2.2", "1.1.1.1"]);
  assertEquals([waited, requests, pointsTo], [[300, 10, 300], ["GET", "GET", "POST"], "1.1.1.1"]);
  assertEquals(lines, [
    "warn 4.4.4.4 points to 2.2.2.2, and this node is the lord",
    "info routing 4.4.4.4 to 1.1.1.1",
    "info 4.4.4.4 points to 1.1.1.1",
  ]);
});

Deno.test("one that is back within 10 s was only being switched", async () => {
  const { lines, requests } = await watched(3, (robot, wait) => {
    robot.route("4.4.4.4", wait === 1 ? null : "1.1.1.1");
  });
  assertEquals([lines, requests], [[], ["GET", "GET"]]);
});

Deno.test("one that is being switched is left alone", async () => {
  const { lines, waited, requests } = await watched(3, (robot) => {
    robot.route("4.4.4.4", "2.2.2.2");
    robot.fail({ kind: "status", status: "processing" });
  });
  assertEquals([lines, waited, requests], [[], [300, 300, 300], ["GET", "GET"]]);
});

Deno.test("reclaim=0: only the warning, each time", async () => {
  const { lines, requests, pointsTo } = await watched(5, movedAt(1), { reclaim: false });
  const warning = "warn 4.4.4.4 points to 2.2.2.2, and this node is the lord";
  assertEquals(lines, [warning, warning]);
  assertEquals([requests, pointsTo], [["GET", "GET", "GET", "GET"], "2.2.2.2"]);
});

Deno.test("verify=0: nothing is looked at", async () => {
  assertEquals((await watched(1, () => {}, { verifyMs: 0 })).waited, []);
});

Deno.test("a login that failed is never repeated", async () => {
  const { lines, requests } = await watched(9, () => {}, { password: "WRONG" });
  assertEquals(requests, ["GET"]);
  assertMatch(lines[0], /^warn where 4\.4\.4\.4 points is not known: UNAUTHORIZED: /);
  assertEquals(lines.length, 1);
});

Deno.test("nor is one that failed while taking back", async () => {
  const { requests, lines } = await watched(9, (robot, wait) => {
    if (wait === 1) robot.route("4.4.4.4", "2.2.2.2");
    if (wait === 2) {
      robot.fail({ kind: "error", method: "POST", status: 401, code: "UNAUTHORIZED" });
    }
  });
  assertEquals(requests, ["GET", "GET", "POST"]);
  assertEquals(lines.at(-1), "error 4.4.4.4 could not be taken back: refused: UNAUTHORIZED");
});

Deno.test("a quota that is used up is given its time", async () => {
  const { requests, lines } = await watched(9, (robot, wait) => {
    if (wait > 1) return;
    robot.fail({
      kind: "error",
      status: 403,
      code: "RATE_LIMIT_EXCEEDED",
      fields: { max_request: 100, interval: 3600 },
    });
  });
  assertEquals([requests, lines.length], [["GET"], 1]);
});

Deno.test("nor is an address taken back before the quota of switches has passed", async () => {
  const { requests, lines } = await watched(5, (robot, wait) => {
    if (wait !== 1) return;
    robot.route("4.4.4.4", "2.2.2.2");
    robot.fail({
      kind: "error",
      method: "POST",
      status: 403,
      code: "RATE_LIMIT_EXCEEDED",
      fields: { max_request: 50, interval: 3600 },
    });
  });
  assertEquals(requests, ["GET", "GET", "POST", "GET", "GET"]);
  assertMatch(lines.at(-1)!, /^error 4\.4\.4\.4 could not be taken back: not asked: the quota/);
});

Deno.test("a reply that is lost is no reason to end, or to switch", async () => {
  const { lines, waited, requests } = await watched(3, (robot, wait) => {
    if (wait === 1) robot.fail({ kind: "reset" });
  });
  assertEquals([waited, requests], [[300, 300, 300], ["GET", "GET"]]);
  assertMatch(lines[0], /^warn where 4\.4\.4\.4 points is not known: /);
});
