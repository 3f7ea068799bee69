import { assertEquals } from "@std/assert";
import type { AddressSight } from "../../lib/move/context.ts";
import { AccountGuard } from "../../lib/move/account_guard.ts";
import { lookUntilAnswered } from "../../lib/move/look_until_answered.ts";
import type { Simulator } from "../../lib/robot/simulator.ts";
import { keptAddress, startRobot } from "../lab/robot.ts";

/** Looks with waits that take no time; `between` is called with the number of each wait. */
async function looked(
  between: (robot: Simulator, wait: number, end: () => void) => void,
  guard = new AccountGuard(),
) {
  await using robot = await startRobot();
  const abort = new AbortController();
  const sights: AddressSight[] = [];
  const waited: number[] = [];
  const context = {
    signal: abort.signal,
    guard,
    recheck() {},
    moves() {},
    log() {},
    seen: (sight: AddressSight) => void sights.push(sight),
  };
  await lookUntilAnswered(keptAddress(robot), context, (ms) => {
    waited.push(ms / 1000);
    between(robot, waited.length, () => abort.abort());
    abort.signal.throwIfAborted();
    return Promise.resolve();
  });
  return { waited, sights, looks: robot.count("GET") };
}

Deno.test("an address in trouble is looked at ever more rarely, until there is an answer", async () => {
  const { waited, sights, looks } = await looked((robot, wait) => {
    if (wait < 6) robot.fail({ kind: "reset" });
  });
  assertEquals([waited, looks], [[60, 180, 540, 1620, 3600, 3600], 6]);
  assertEquals(sights.map(({ pointsTo }) => pointsTo), [...Array(5).fill(undefined), "2.2.2.2"]);
});

Deno.test("nothing is sent while the account must not be asked, nor once it is over", async () => {
  const guard = new AccountGuard();
  const { waited, sights, looks } = await looked((robot, wait, end) => {
    if (wait === 1) guard.learn(keptAddress(robot).account, "look", { code: "UNAUTHORIZED" });
    if (wait === 3) end();
  }, guard);
  assertEquals([waited, looks, sights], [[60, 180, 540], 0, []]);
});
