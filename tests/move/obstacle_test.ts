import { assertEquals, assertRejects } from "@std/assert";
import { obstacleTo } from "../../lib/move/obstacle.ts";
import type { Simulator } from "../../lib/robot/simulator.ts";
import { keptAddress, startRobot } from "../lab/robot.ts";

const table: [
  what: string,
  prepare: (robot: Simulator) => void,
  obstacle: string | undefined,
  requests: string,
][] = [
  ["all is well", () => {}, undefined, "GET 200, POST 409 FAILOVER_ALREADY_ROUTED"],
  [
    "another switch is running, which a look does not tell",
    (robot) => void robot.lock("4.4.4.4"),
    "4.4.4.4 cannot be moved now: FAILOVER_LOCKED: Switching of the failover IP is locked",
    "GET 200, POST 409 FAILOVER_LOCKED",
  ],
  [
    "another switch is running, which a look tells",
    (robot) => robot.fail({ kind: "status", status: "processing" }),
    "a switch of 4.4.4.4 is running; 4.4.4.4 points to 1.1.1.1",
    "GET 200",
  ],
  [
    "a look tells that no switch is running",
    (robot) => robot.fail({ kind: "status", status: "ready" }),
    undefined,
    "GET 200",
  ],
  [
    "the quota of switches is used up",
    (robot) =>
      robot.fail({
        kind: "error",
        method: "POST",
        status: 403,
        code: "RATE_LIMIT_EXCEEDED",
        fields: { max_request: 50, interval: 3600 },
      }),
    "4.4.4.4 cannot be moved now: RATE_LIMIT_EXCEEDED: on demand",
    "GET 200, POST 403 RATE_LIMIT_EXCEEDED",
  ],
  [
    "the quota of looks is used up, which says nothing of switches",
    (robot) => robot.fail({ kind: "error", status: 403, code: "RATE_LIMIT_EXCEEDED" }),
    undefined,
    "GET 403 RATE_LIMIT_EXCEEDED",
  ],
  [
    "maintenance",
    (robot) => robot.fail({ kind: "body", status: 503, body: "" }),
    "4.4.4.4 cannot be moved now: MAINTENANCE: the Robot is not available (status 503), it is empty",
    "GET 503",
  ],
  [
    "the login is refused here, and may work elsewhere",
    (robot) => robot.fail({ kind: "error", status: 401, code: "UNAUTHORIZED" }),
    undefined,
    "GET 401 UNAUTHORIZED",
  ],
  [
    "the provider cannot be asked from here",
    (robot) => robot.fail({ kind: "reset" }),
    undefined,
    "GET reset",
  ],
  ["it points elsewhere", (robot) => robot.route("4.4.4.4", "2.2.2.2"), undefined, "GET 200"],
];

for (const [what, prepare, obstacle, requests] of table) {
  Deno.test(`obstacleTo: ${what}`, async () => {
    await using robot = await startRobot();
    robot.route("4.4.4.4", "1.1.1.1");
    prepare(robot);
    assertEquals(await obstacleTo(keptAddress(robot)), obstacle);
    const told = robot.requests.map(({ method, outcome }) => `${method} ${outcome}`);
    assertEquals(told.join(", "), requests);
  });
}

Deno.test("obstacleTo: no switch is asked for where that may change something", async () => {
  await using robot = await startRobot();
  robot.route("4.4.4.4", "1.1.1.1");
  robot.lock("4.4.4.4");
  assertEquals(await obstacleTo({ ...keptAddress(robot), mayAskInPlace: undefined }), undefined);
  assertEquals(robot.requests.map(({ method }) => method), ["GET"]);
});

Deno.test("obstacleTo: the signal ends it", async () => {
  await using robot = await startRobot();
  robot.fail({ kind: "hang" });
  const abort = new AbortController();
  const asked = obstacleTo(keptAddress(robot), { signal: abort.signal });
  await robot.arrived("GET");
  abort.abort(new Error("enough"));
  await assertRejects(() => asked, Error, "enough");
});
