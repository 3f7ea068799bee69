import { assertEquals } from "@std/assert";
import { AccountGuard } from "../../lib/move/account_guard.ts";
import { settle } from "../../lib/move/settle.ts";
import type { Simulator } from "../../lib/robot/simulator.ts";
import { keptAddress, startRobot } from "../lab/robot.ts";

/** Settles with waits that take no time; `between` is called with the number of each wait. */
async function settled(
  between: (robot: Simulator, wait: number, end: () => void) => void,
  points = "1.1.1.1",
) {
  await using robot = await startRobot();
  robot.route("4.4.4.4", points);
  const abort = new AbortController();
  const lines: string[] = [];
  const waited: number[] = [];
  await settle(keptAddress(robot, { verifyMs: 0, reclaim: false }), {
    signal: abort.signal,
    guard: new AccountGuard(),
    recheck() {},
    moves() {},
    log: (level, message) => void lines.push(`${level} ${message}`),
    seen() {},
  }, (ms) => {
    waited.push(ms / 1000);
    between(robot, waited.length, () => abort.abort());
    abort.signal.throwIfAborted();
    return Promise.resolve();
  });
  const requests = robot.requests.map(({ method }) => method);
  return { lines, waited, requests, pointsTo: robot.activeServerIp("4.4.4.4") };
}

const limited = {
  kind: "error",
  method: "POST",
  status: 403,
  code: "RATE_LIMIT_EXCEEDED",
  fields: { max_request: 50, interval: 0 },
} as const;

const outage = (times: number) => (robot: Simulator, wait: number) => {
  if (wait <= times) robot.fail({ kind: "reset" });
};

Deno.test("an address that turns out to point here is looked at no further", async () => {
  const { waited, requests } = await settled(() => {});
  assertEquals([waited, requests], [[10], ["GET"]]);
});

Deno.test("one that turns out to be elsewhere is moved here, also with verify=0 and reclaim=0", async () => {
  const { waited, requests, pointsTo } = await settled(() => {}, "2.2.2.2");
  assertEquals([waited, requests, pointsTo], [[10], ["GET", "POST"], "1.1.1.1"]);
});

Deno.test("as long as nobody says where it points it is looked at, ever more rarely", async () => {
  const { waited, requests } = await settled(outage(5));
  assertEquals(waited, [10, 30, 90, 270, 300, 300]);
  assertEquals(requests, Array(6).fill("GET"));
});

Deno.test("while a switch runs it is left alone", async () => {
  const { waited, requests } = await settled((robot, wait) => {
    if (wait === 1) robot.fail({ kind: "status", status: "processing" });
  });
  assertEquals([waited, requests], [[10, 30], ["GET", "GET"]]);
});

Deno.test("a login that failed is not repeated", async () => {
  const { waited, requests } = await settled((robot, wait, end) => {
    robot.fail({ kind: "error", status: 401, code: "UNAUTHORIZED" });
    if (wait === 4) end();
  });
  assertEquals([waited.length, requests], [4, ["GET"]]);
});

Deno.test("a switch that fails is asked for again after the next look, until the address is here", async () => {
  const { lines, waited, requests, pointsTo } = await settled((robot, wait) => {
    if (wait <= 2) robot.fail(limited);
  }, "2.2.2.2");
  assertEquals(
    lines.filter((line) => line.startsWith("error")),
    Array(2).fill("error 4.4.4.4 could not be taken back: try later: RATE_LIMIT_EXCEEDED"),
  );
  assertEquals([waited, requests, pointsTo], [
    [10, 30, 90],
    ["GET", "POST", "GET", "POST", "GET", "POST"],
    "1.1.1.1",
  ]);
});

Deno.test("ended while it waits, it sends nothing more", async () => {
  const { requests } = await settled((_robot, _wait, end) => end(), "2.2.2.2");
  assertEquals(requests, []);
});
