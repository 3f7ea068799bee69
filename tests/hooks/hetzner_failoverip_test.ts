import { assertEquals, assertRejects } from "@std/assert";
import { HookError } from "../../lib/hooks/action.ts";
import { runAction } from "../../lib/hooks/registry.ts";
import { type Simulator, startSimulator } from "../../lib/robot/simulator.ts";

async function setUp(password = "BAR") {
  const robot = await startSimulator({
    accounts: [{ username: "FOO", password: "BAR" }],
    servers: [{ number: 1, ip: "1.1.1.1" }, { number: 2, ip: "2.2.2.2" }],
    failovers: [{ ip: "4.4.4.4", activeServerIp: "2.2.2.2" }],
  });
  const abort = new AbortController();
  const lines: string[] = [];
  return { robot, abort, lines, run: () => runAction(action(robot, password), context()) };

  function context() {
    const log = (level: string, message: string) => {
      lines.push(`${level} ${message}`);
    };
    return { legion: "test", event: "lord", node: "a", lord: "a", signal: abort.signal, log };
  }
}

function action(robot: Simulator, password: string) {
  const failoverip = {
    username: "FOO",
    password,
    ip: "4.4.4.4",
    activeServerIp: "1.1.1.1",
    url: robot.failoverUrl("4.4.4.4"),
    timeoutMs: 10_000,
    deadlineMs: 30_000,
    sslNoVerify: false,
  };
  return { kind: "hetzner-failoverip", failoverip } as const;
}

Deno.test("the address is routed to the server, with one request", async () => {
  const { robot, lines, run } = await setUp();
  await run();
  assertEquals([robot.activeServerIp("4.4.4.4"), robot.requests.length], ["1.1.1.1", 1]);
  assertEquals(lines, ["info routing 4.4.4.4 to 1.1.1.1", "info 4.4.4.4 points to 1.1.1.1"]);
  await robot.close();
});

Deno.test("an address that is there already is good", async () => {
  const { robot, run } = await setUp();
  robot.route("4.4.4.4", "1.1.1.1");
  await run();
  assertEquals(robot.requests.map(({ outcome }) => outcome), ["409 FAILOVER_ALREADY_ROUTED"]);
  await robot.close();
});

Deno.test("a refusal is a failure, with the Robot's own code; the password is nowhere", async () => {
  const { robot, lines, run } = await setUp("WRONG-PASSWORD");
  const error = await assertRejects(run, HookError, "refused: UNAUTHORIZED");
  assertEquals([robot.activeServerIp("4.4.4.4"), robot.requests.length], ["2.2.2.2", 1]);
  assertEquals(`${lines} ${error.message}`.includes("WRONG-PASSWORD"), false);
  await robot.close();
});

Deno.test("aborted: the request is cancelled, and nothing is sent afterwards", async () => {
  const { robot, abort, run } = await setUp();
  robot.switchMs = 60_000;
  const running = run();
  await robot.arrived("POST");
  abort.abort(new Error("no longer elected"));
  await assertRejects(() => running, Error, "no longer elected");
  assertEquals((await robot.ended("POST")).outcome, "gone");
  assertEquals(robot.requests.length, 1);
  await robot.close();
});
