// Lord hooks that move several addresses, at a real stand-in for the Robot.
import { assertEquals, assertMatch } from "@std/assert";
import { AccountGuard } from "../../lib/move/account_guard.ts";
import { runHooks } from "../../lib/node/hook_runner.ts";
import { accountOf } from "../../lib/robot/provider.ts";
import { type Simulator, startSimulator } from "../../lib/robot/simulator.ts";
import { settingsFor } from "../lab/robot.ts";
import { commandHook, hook } from "./legion_config.ts";

const ips = ["4.4.4.4", "5.5.5.5", "6.6.6.6", "7.7.7.7"];
const own = "1.1.1.1";

/** A Robot that ends no switch before `together` have been asked for. */
async function setUp(
  { together = 1, hasWorked = true, stopOnError = true, timeoutMs = 20_000 } = {},
) {
  const all = Promise.withResolvers<void>();
  let asked = 0;
  const robot = await startSimulator({
    accounts: [{ username: "FOO", password: "BAR" }],
    servers: [{ number: 1, ip: own }],
    failovers: ips.map((ip) => ({ ip, activeServerIp: null })),
    wait: async () => {
      if (++asked === together) all.resolve();
      await all.promise;
    },
  });
  const guard = new AccountGuard();
  const lines: string[] = [];
  const unsettled: string[] = [];
  if (hasWorked) guard.hasWorked(accountOf(settingsFor(robot)));
  return {
    robot,
    lines,
    unsettled,
    run: (...hooks: ReturnType<typeof move>[]) =>
      runHooks({
        hooks,
        timeoutMs,
        stopOnError,
        signal: new AbortController().signal,
        begins: () => new AbortController().signal,
        ended() {},
        context: {
          legion: "test",
          event: "lord",
          node: "a",
          lord: "a",
          guard,
          log: (level, message) => void lines.push(`${level} ${message}`),
          output: (line) => void lines.push(`said ${line}`),
          seen() {},
          moves() {},
          recheck() {},
          unsettled: (ip) => void unsettled.push(ip),
        },
      }),
    [Symbol.asyncDispose]: () => robot.close(),
  };
}

function move(robot: Simulator, ip: string, password = "BAR") {
  const settings = settingsFor(robot, { ip, url: robot.failoverUrl(ip), password });
  return hook("lord", { kind: "hetzner-failoverip", settings });
}

function held(dev: string, line: number) {
  const settings = { ip: "192.0.2.1", prefix: 32, dev, repeatMs: 10_000 };
  return hook("lord", { kind: "address", settings }, line);
}

const gone = { kind: "error", method: "POST", status: 404, code: "NOT_FOUND" } as const;

Deno.test("addresses are asked for at once, and commands before and after keep their order", async () => {
  await using stage = await setUp({ together: 4 });
  const { robot, lines, run } = stage;
  const before = commandHook("lord", "echo before");
  const after = commandHook("lord", "echo after");
  assertEquals(await run(before, ...ips.map((ip) => move(robot, ip)), after), true);
  assertEquals(ips.map((ip) => robot.activeServerIp(ip)), Array(4).fill(own));
  const told = lines.filter((line) => line.startsWith("said") || / points to /.test(line));
  assertEquals([told.at(0), told.length, told.at(-1)], ["said before", 6, "said after"]);
});

Deno.test("one that cannot be had does not take the others down", async () => {
  await using stage = await setUp();
  const { robot, lines, run } = stage;
  robot.fail(gone);
  const after = commandHook("lord", "echo after");
  assertEquals(await run(...ips.map((ip) => move(robot, ip)), after), true);
  assertEquals(ips.filter((ip) => robot.activeServerIp(ip) === own).length, 3);
  assertEquals(
    lines.filter((line) => /^warn this node goes on with 3 of 4 addresses; not had/.test(line))
      .length,
    1,
  );
  assertEquals(lines.includes("said after"), true);
});

Deno.test("a node that gets none of its addresses has failed, and runs nothing more", async () => {
  await using stage = await setUp();
  const { robot, lines, run } = stage;
  robot.fail(gone, gone);
  const hooks = ips.slice(0, 2).map((ip) => move(robot, ip));
  assertEquals(await run(...hooks, commandHook("lord", "echo after")), false);
  assertEquals(lines.includes("said after"), false);
});

Deno.test("without legion-death-on-lord-error each failure counts, and all hooks run", async () => {
  await using stage = await setUp({ stopOnError: false });
  const { robot, lines, run } = stage;
  robot.fail(gone);
  const hooks = ips.slice(0, 2).map((ip) => move(robot, ip));
  assertEquals(await run(...hooks, commandHook("lord", "echo after")), false);
  assertEquals(lines.includes("said after"), true);
});

Deno.test("a wrong password is tried once, however many addresses there are", async () => {
  await using stage = await setUp({ hasWorked: false });
  const { robot, run } = stage;
  assertEquals(await run(...ips.map((ip) => move(robot, ip, "WRONG"))), false);
  assertEquals(robot.requests.length, 1);
});

Deno.test("one that may be had later is looked at again", async () => {
  await using stage = await setUp();
  const { robot, unsettled, run } = stage;
  const fields = { max_request: 50, interval: 3600 };
  robot.fail({ ...gone, status: 403, code: "RATE_LIMIT_EXCEEDED", fields });
  assertEquals(await run(...ips.map((ip) => move(robot, ip))), true);
  assertEquals(unsettled.length, 1);
});

Deno.test("an address of a device waits for no API, wherever it stands among the others", async () => {
  for (const stopOnError of [false, true]) {
    await using stage = await setUp({ together: 2, stopOnError });
    const { robot, lines, run } = stage;
    const [a, b] = ips.map((ip) => move(robot, ip));
    // There is no such device, so nothing is added anywhere.
    const ok = await run(commandHook("lord", "echo before"), a, held("failover-none", 8), b);
    assertEquals(ok, false);
    const [, , begins, ended, ...rest] = lines.filter((line) => / hook /.test(line));
    assertMatch(begins, /address \(test.ini:8\) begins/);
    assertMatch(ended, /address \(test.ini:8\) ended .*: failed: /);
    // Those that APIs move are asked for together, or not at all where the failure is one too many.
    assertEquals(rest.length, stopOnError ? 0 : 4);
    assertEquals(robot.activeServerIp(ips[1]), stopOnError ? null : own);
  }
});

Deno.test("one whose hook took too long is looked at again by a node that is lord all the same", async () => {
  await using stage = await setUp({ stopOnError: false, timeoutMs: 500 });
  const { robot, unsettled, run } = stage;
  robot.fail({ kind: "hang" });
  assertEquals(await run(move(robot, ips[0])), false);
  assertEquals(unsettled, [ips[0]]);
});
