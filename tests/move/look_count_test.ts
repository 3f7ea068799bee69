import { assertEquals, assertMatch } from "@std/assert";
import { AccountGuard } from "../../lib/move/account_guard.ts";
import { LookCount, reservedLooks } from "../../lib/move/look_count.ts";
import { watch } from "../../lib/move/watch.ts";
import { HandClock } from "../lab/hand_clock.ts";
import { startSimulator } from "../../lib/robot/simulator.ts";
import { keptAddress } from "../lab/robot.ts";

const quota = { looksPerHour: 100, movesPerHour: 50 };
const robot = { title: "Robot", quota, pace: { maxLooks: 15 } };

Deno.test("a takeover's looks are kept for it, for each address that is asked about", () => {
  assertEquals([1, 2, 3, 4, 9].map((count) => reservedLooks(quota, robot.pace, count)), [
    15,
    30,
    45,
    50,
    50,
  ]);
  for (const [addresses, left] of [[1, 85], [2, 70], [9, 50]]) {
    const looks = new LookCount(() => 0);
    for (let at = 0; at < addresses; at++) looks.about(`4.4.4.${at}`);
    let sent = 0;
    for (; looks.scarcity(robot) === undefined; sent++) looks.sent();
    assertEquals(sent, left);
    assertMatch(looks.scarcity(robot)!, /^\d+ of the Robot's 100 looks an hour are used up here, /);
  }
});

Deno.test("looks and addresses are forgotten after an hour", () => {
  let nowMs = 0;
  const looks = new LookCount(() => nowMs);
  for (const ip of ["4.4.4.4", "5.5.5.5"]) looks.about(ip);
  for (let sent = 0; sent < 84; sent++) looks.sent();
  assertEquals(typeof looks.scarcity(robot), "string");
  nowMs = 1;
  looks.about("5.5.5.5");
  nowMs = 3_600_000;
  for (let sent = 0; sent < 84; sent++) looks.sent();
  assertEquals(looks.scarcity(robot), undefined);
  looks.sent();
  assertEquals(typeof looks.scarcity(robot), "string");
});

Deno.test("a provider without a quota is asked as often as anybody wants", () => {
  const looks = new LookCount(() => 0);
  for (let sent = 0; sent < 1_000; sent++) looks.sent();
  assertEquals(looks.scarcity({ ...robot, quota: undefined }), undefined);
});

Deno.test("a lord's looks are left out before they eat those of a takeover, and go on later", async () => {
  const clock = new HandClock();
  await using simulator = await startSimulator({
    accounts: [{ username: "FOO", password: "BAR" }],
    servers: [{ number: 1, ip: "1.1.1.1" }],
    failovers: [{ ip: "4.4.4.4" }],
    now: () => clock.now().monotonicMs,
  });
  const guard = new AccountGuard(() => clock.now().monotonicMs);
  const abort = new AbortController();
  // Alone, so that no look waits for others.
  const address = { ...keptAddress(simulator, { verifyMs: 60_000 }), all: undefined };
  const lines: string[] = [];
  // Somebody else in this process looks 40 times in the first minute.
  for (let sent = 0; sent < 40; sent++) guard.looks(address.account).sent();
  const counts: number[] = [];
  await watch(address, {
    signal: abort.signal,
    guard,
    recheck() {},
    moves() {},
    seen() {},
    log: (level, message) => void lines.push(`${level} ${message}`),
  }, (ms) => {
    clock.pass(ms);
    counts.push(simulator.count("GET"));
    if (clock.now().monotonicMs > 7_200_000) abort.abort();
    abort.signal.throwIfAborted();
    return Promise.resolve();
  });
  assertEquals(lines.length, 1);
  assertMatch(lines[0], /^warn where 4\.4\.4\.4 points is not looked at for now: 85 of the Robot/);
  // One a minute, but for those left out: 45 in the first hour, and all of the second.
  assertEquals([counts[59], counts[119] - counts[59]], [45, 60]);
});
