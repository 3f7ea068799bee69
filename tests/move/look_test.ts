import { assert, assertEquals, assertRejects } from "@std/assert";
import type { AddressSight } from "../../lib/move/context.ts";
import { look } from "../../lib/move/look.ts";
import { AccountGuard } from "../../lib/move/account_guard.ts";
import { keptAddress, startRobot } from "../lab/robot.ts";
import { soon } from "../lab/soon.ts";

function setUp() {
  const abort = new AbortController();
  const sights: AddressSight[] = [];
  const seen = (sight: AddressSight) => void sights.push(sight);
  return { abort, sights, context: { signal: abort.signal, seen, guard: new AccountGuard() } };
}

Deno.test("looks with one account wait for each other", async () => {
  await using robot = await startRobot();
  const { abort, context } = setUp();
  robot.fail({ kind: "hang" });
  const first = look(keptAddress(robot), context);
  const second = look(keptAddress(robot), { ...context, signal: new AbortController().signal });
  await soon(robot.arrived("GET"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assertEquals(robot.count("GET"), 1);
  const begunMs = performance.now();
  abort.abort(new Error("no longer wanted"));
  await assertRejects(() => first, Error, "no longer wanted");
  assertEquals("problem" in await second, false);
  // The request would have had 10 s.
  assert(performance.now() - begunMs < 5_000);
});

Deno.test("one that is no longer wanted when its turn comes asks nothing", async () => {
  await using robot = await startRobot();
  const { abort, context, sights } = setUp();
  // Why it must not ask is told no more either.
  context.guard.learn(keptAddress(robot).account, "look", { code: "UNAUTHORIZED" });
  abort.abort(new Error("no longer wanted"));
  await assertRejects(() => look(keptAddress(robot), context), Error, "no longer wanted");
  assertEquals([robot.count("GET"), sights], [0, []]);
});

Deno.test("what is seen is told, and why nothing was", async () => {
  await using robot = await startRobot();
  const { context, sights } = setUp();
  const about = { provider: "hetzner-robot", ip: "4.4.4.4", wanted: "1.1.1.1" };
  await look(keptAddress(robot), context);
  robot.fail({ kind: "error", status: 401, code: "UNAUTHORIZED" });
  await look(keptAddress(robot), context);
  await look(keptAddress(robot), context);
  assertEquals(robot.count("GET"), 2);
  assertEquals(sights[0], { ...about, pointsTo: "2.2.2.2" });
  assertEquals(sights.slice(1).map(({ pointsTo }) => pointsTo), [undefined, undefined]);
  assertEquals(sights.slice(1).map(({ problem }) => problem?.split(":")[0]), [
    "UNAUTHORIZED",
    "not asked",
  ]);
});

Deno.test("a mistake of the node's own is none of the Robot's", async () => {
  await using robot = await startRobot();
  const { context, sights } = setUp();
  const address = keptAddress(robot, { url: "ftp://127.0.0.1/failover/4.4.4.4" });
  await assertRejects(() => look(address, context), TypeError);
  assertEquals(sights, []);
});
