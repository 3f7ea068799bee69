import { assert, assertEquals } from "@std/assert";
import { AccountGuard } from "../../lib/move/account_guard.ts";
import { settle } from "../../lib/move/settle.ts";
import type { Simulator } from "../../lib/robot/simulator.ts";
import type { KeptAddress } from "../../lib/move/provider.ts";
import { RobotError } from "../../lib/robot/errors.ts";
import { HandClock } from "../lab/hand_clock.ts";
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

Deno.test("the end of a maintenance is noticed within a minute", async () => {
  const { waited, requests } = await settled((robot, wait) => {
    if (wait <= 6) robot.fail({ kind: "body", status: 503, body: "" });
  });
  assertEquals([waited, requests], [[10, 30, 60, 60, 60, 60, 60], Array(7).fill("GET")]);
});

Deno.test("nine addresses that were asked for in vain are had two minutes after a maintenance", async () => {
  const clock = new HandClock();
  const now = () => clock.now().monotonicMs;
  const wait = (ms: number) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    clock.at(now() + ms, resolve);
    return promise;
  };
  const endMs = 20 * 60_000;
  const maintenance = new RobotError({
    kind: "unreadable",
    status: 503,
    code: "MAINTENANCE",
    message: "",
  });
  const at = new Map<string, string>();
  let moves = 0;
  const requests = { looks: 0, moves: 0 };
  await using robot = await startRobot();
  const addresses = Array.from({ length: 9 }, (_, index): KeptAddress => {
    const ip = `4.4.4.${index}`;
    const address = keptAddress(robot, { ip, url: robot.failoverUrl(ip) });
    const route = (ip: string) => ({ ip, pointsTo: at.get(ip) ?? "2.2.2.2" });
    return {
      ...address,
      all: {
        key: "all",
        look: () => {
          requests.looks++;
          if (now() < endMs) return Promise.reject(maintenance);
          return Promise.resolve(addresses.map(({ ip }) => route(ip)));
        },
      },
      look: () => {
        requests.looks++;
        return now() < endMs ? Promise.reject(maintenance) : Promise.resolve(route(ip));
      },
      async move(to) {
        requests.moves++;
        moves++;
        await wait(10_000);
        moves--;
        at.set(ip, to!);
        return route(ip);
      },
    };
  });
  const guard = new AccountGuard(now);
  // Their takeover met the maintenance.
  const turns = addresses.map((address) => guard.moves(address).begin(5));
  for (const turn of turns) turn.ended("failed", 1);
  let pending = addresses.length;
  let most = 0;
  const all = Promise.all(addresses.map(async (address) => {
    const { signal } = new AbortController();
    const context = { signal, guard, recheck() {}, moves() {}, log() {}, seen() {} };
    await settle(address, context, wait);
    pending--;
  }));
  const limitMs = performance.now() + 30_000;
  while (pending > 0 && performance.now() < limitMs) {
    most = Math.max(most, moves);
    if (clock.alarms === pending) clock.pass(10_000);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assertEquals(pending, 0);
  await all;
  assert(now() <= endMs + 120_000, `${now() / 1000} s`);
  assertEquals([most, requests.moves], [4, 9]);
  // One a minute for all of them, and some as they are had.
  assert(requests.looks <= 40, `${requests.looks}`);
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
