import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Fault } from "../../lib/robot/simulator.ts";
import type { MoveProgress } from "../../lib/move/move_address.ts";
import { accessTo, release, startRobot } from "../robot/_setup.ts";

const rows: [what: string, faults: Fault[], outcome: string, methods: string[]][] = [
  ["200", [], "routed", ["DELETE"]],
  ["200, and yet it points somewhere", [{ kind: "active", activeServerIp: "1.1.1.1" }], "refused", [
    "DELETE",
  ]],
  ["a lost reply of what happened", [{ kind: "reset", after: true }], "routed", ["DELETE", "GET"]],
  [
    "409 FAILOVER_LOCKED, once",
    [{ kind: "error", status: 409, code: "FAILOVER_LOCKED" }],
    "routed",
    [
      "DELETE",
      "GET",
      "DELETE",
    ],
  ],
  ["401", [{ kind: "error", status: 401, code: "UNAUTHORIZED" }], "refused", ["DELETE"]],
];
for (const [what, faults, outcome, methods] of rows) {
  Deno.test(`release: ${what}`, async () => {
    await using robot = await startRobot();
    robot.route("4.4.4.4", "1.1.1.1");
    robot.fail(...faults);
    const told: MoveProgress[] = [];
    const result = await release({ ...accessTo(robot), deadlineMs: 180_000 }, {
      wait: () => Promise.resolve(),
      onProgress: (progress) => told.push(progress),
    });
    assertEquals([result.outcome, result.to], [outcome, null]);
    assertEquals(robot.requests.map(({ method }) => method), methods);
    const requests = told.flatMap((each) => each.kind === "request" ? [each.method] : []);
    assertEquals(requests, methods as typeof requests);
    if (outcome === "routed") assertEquals(robot.activeServerIp("4.4.4.4"), null);
  });
}

Deno.test("release: cancelled, nothing is sent afterwards", async () => {
  await using robot = await startRobot();
  robot.fail({ kind: "hang" });
  const abort = new AbortController();
  const running = release({ ...accessTo(robot), deadlineMs: 180_000 }, { signal: abort.signal });
  await robot.arrived("DELETE");
  const begunMs = performance.now();
  abort.abort(new Error("never mind"));
  await assertRejects(() => running, Error, "never mind");
  assert(performance.now() - begunMs < 5_000, "the request was waited for");
  assertEquals(robot.requests.length, 1);
});
