// That what is tested piece by piece elsewhere is wired up in a legion that runs: nothing here is
// about how a piece does its work.
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import type { Action } from "../../lib/base/action_kind.ts";
import type { Check } from "../../lib/base/check.ts";
import type { LegionConfig } from "../../lib/config/config.ts";
import { type Clock, systemClock } from "../../lib/base/clock.ts";
import { openUdp, type TransportOptions } from "../../lib/node/transport.ts";
import { freePorts } from "../lab/free_ports.ts";
import { settingsFor, startRobot } from "../lab/robot.ts";
import { bind } from "./bind.ts";
import { commandHook, hook, legionConfig } from "./legion_config.ts";
import { soon } from "../lab/soon.ts";

const isLord = /this node is the lord/;

function addresses(count: number) {
  return freePorts(count).map((port) => ({ host: "127.0.0.1", port }));
}

/** A legion of this node alone. */
function alone(changed: Partial<LegionConfig>) {
  const [address] = addresses(1);
  return bind(legionConfig({ address, ...changed }));
}

function failoverip(robot: Parameters<typeof settingsFor>[0], changed = {}): Action {
  // So often as no configuration allows.
  const settings = settingsFor(robot, { verifyMs: 50, preflight: false, ...changed });
  return { kind: "hetzner-failoverip", settings };
}

/** Until something is so, which has no event of its own; fails after 10 s. */
async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited 10 s for ${what}`);
    await delay(10);
  }
}

Deno.test("a lord looks where its address points and takes it back, until it is lord no more", async () => {
  await using robot = await startRobot();
  const { runner, logged } = await alone({ hooks: [hook("lord", failoverip(robot))] });
  runner.start();
  await logged(isLord);
  await soon(robot.ended("GET"));
  robot.route("4.4.4.4", "2.2.2.2");
  // It looks again 10 s later first.
  await logged(/warn 4\.4\.4\.4 points to 2\.2\.2\.2, and this node is the lord/, 20_000);
  await until("the address to be back", () => robot.activeServerIp("4.4.4.4") === "1.1.1.1");
  assertEquals(runner.stats().addresses.map(({ ip }) => ip), ["4.4.4.4"]);
  await runner.stop();
  const sent = robot.requests.length;
  await delay(200);
  assertEquals(robot.requests.length, sent);
});

Deno.test("the addresses of a legion are asked for at its start", async () => {
  await using robot = await startRobot();
  const action = failoverip(robot, { preflight: true });
  // An unlord hook gives back nothing that it would have to be asked for.
  const other = failoverip(robot, { preflight: true, ip: "5.5.5.5" });
  // A node that is lord at once need not look.
  const { runner, lines, logged } = await alone({
    quorum: 2,
    hooks: [hook("unlord", other), hook("lord", action)],
  });
  runner.start();
  await logged(/preflight: 4\.4\.4\.4 points to /);
  await runner.stop();
  assertEquals(lines.filter((line) => /preflight: 5/.test(line)), []);
});

/** Two nodes under the lease: the first sleeps when it is told to, and finds no timer and no word. */
async function withSleeper(changed: Partial<LegionConfig>) {
  const [a, b] = addresses(2);
  let asleep = false;
  const clock: Clock = {
    now() {
      const { monotonicMs, wallMs } = systemClock.now();
      const sleptMs = asleep ? 60_000 : 0;
      return { monotonicMs: monotonicMs + sleptMs, wallMs: wallMs + sleptMs };
    },
    at: (monotonicMs, callback) => systemClock.at(monotonicMs, () => asleep || callback()),
  };
  const open = (options: TransportOptions) =>
    openUdp({
      ...options,
      received: (datagram, from) => asleep || options.received(datagram, from),
    });
  const common = { quorum: 2, lease: "on", toleranceMs: 1_000 } as const;
  const sleeper = await bind(
    legionConfig({ ...common, address: a, nodes: [b], valor: 20, ...changed }),
    "a",
    open,
    () => {},
    clock,
  );
  const other = await bind(legionConfig({ ...common, address: b, nodes: [a], valor: 10 }), "b");
  other.runner.start();
  sleeper.runner.start();
  return {
    ...sleeper,
    sleep: () => asleep = true,
    async [Symbol.asyncDispose]() {
      asleep = false;
      await other.runner.stop();
      await sleeper.runner.stop();
    },
  };
}

Deno.test("a lord hook that wakes behind its lease sends nothing more", async () => {
  await using robot = await startRobot();
  // A look follows a second later.
  robot.fail({ kind: "error", method: "POST", status: 409, code: "FAILOVER_LOCKED" });
  await using node = await withSleeper({ hooks: [hook("lord", failoverip(robot))] });
  await soon(robot.ended("POST"));
  node.sleep();
  await node.logged(/lord hook .* ended after .*: (aborted|ok|failed)/);
  assertEquals(node.lines.filter((line) => /lord hook .*: aborted$/.test(line)).length, 1);
  assertEquals(robot.requests.map(({ method }) => method), ["POST"]);
});

Deno.test("a lord that wakes behind its lease takes no address back", async () => {
  await using robot = await startRobot();
  await using node = await withSleeper({ hooks: [hook("lord", failoverip(robot))] });
  await node.logged(isLord);
  robot.route("4.4.4.4", "2.2.2.2");
  node.sleep();
  // It looks again 10 s later first, and would take it back then.
  await node.logged(/warn 4\.4\.4\.4 points to 2\.2\.2\.2, and this node is the lord/, 20_000);
  await delay(200);
  assertEquals([robot.count("POST"), robot.activeServerIp("4.4.4.4")], [1, "2.2.2.2"]);
});

for (const [deathOnLordErrorMs, ran] of [[5_000, false], [0, true]] as const) {
  const what = ran ? "are run" : "are left out";
  const where = ran ? "without" : "with";
  Deno.test(`${where} legion-death-on-lord-error the lord hooks after one that failed ${what}`, async () => {
    const { runner, lines, logged } = await alone({
      deathOnLordErrorMs,
      hooks: [commandHook("lord", "exit 3"), commandHook("lord", "echo the rest")],
    });
    runner.start();
    await logged(ran ? isLord : /stands back as an arbiter.*a lord hook failed/);
    await runner.stop();
    assertEquals(lines.includes("info the rest"), ran, lines.join("\n"));
  });
}

Deno.test("legion-hook-timeout ends a hook of the legion, and a reload changes it", async () => {
  const { runner, logged, lines } = await alone({
    hookTimeoutMs: 100,
    hooks: [commandHook("setup", "sleep 60"), commandHook("death", "sleep 0.5")],
  });
  runner.start();
  await logged(/setup hook .*: it took too long \(legion-hook-timeout\)/);
  await logged(isLord);
  runner.reconfigure(legionConfig({ hooks: [commandHook("death", "sleep 0.5")] }));
  await runner.stop();
  assertEquals(lines.filter((line) => /death hook .*: ok$/.test(line)).length, 1);
});

Deno.test("hooks run in the surroundings of the configuration, and a reload changes them", async () => {
  const says = [
    commandHook("lord", "pwd; umask; echo A=$A"),
    commandHook("death", "pwd; echo A=$A"),
  ];
  const { runner, lines, logged } = await alone({
    hooks: says,
    env: [{ name: "A", value: "one" }],
    chdir: "/usr",
    umask: "027",
  });
  runner.start();
  await logged(isLord);
  runner.reconfigure(legionConfig({ hooks: says, env: [{ name: "A", value: "two" }], chdir: "/" }));
  await runner.stop();
  const said = lines.filter((line) => /^info (\/|0\d+$|A=)/.test(line));
  assertEquals(said.map((line) => line.slice(5)), ["/usr", "0027", "A=one", "/", "A=two"]);
});

Deno.test("a hook is told of its legion, its event, its node and the lord; its output is no event", async () => {
  const says = "echo $FAILOVER_LEGION $FAILOVER_EVENT $FAILOVER_NODE $FAILOVER_LORD";
  const { runner, lines, logged } = await alone({
    hooks: [commandHook("lord", says), commandHook("unlord", "echo never mind")],
  });
  runner.start();
  await logged(isLord);
  const { events } = runner.stats();
  await runner.stop();
  assert(lines.includes("info test lord a a"), lines.join("\n"));
  assertEquals(events.filter(({ message }) => message === "test lord a a"), []);
});

Deno.test("a reload prunes: what was heard of a node, how a hook ended, an address, a check", async () => {
  await using robot = await startRobot();
  const [a, b] = addresses(2);
  const check: Check = {
    file: "test.ini",
    line: 3,
    name: "web",
    probe: { kind: "tcp", address: { host: "127.0.0.1", port: Number(new URL(robot.url).port) } },
    intervalMs: 50,
    timeoutMs: 1_000,
    rise: 1,
    fall: 1,
    leader: false,
  };
  const before = {
    address: a,
    nodes: [b],

    checks: [check],
    hooks: [
      hook("lord", { kind: "log", settings: { text: "lord" } }, 3),
      hook("lord", failoverip(robot), 4),
    ],
  };
  const { runner, logged } = await bind(legionConfig(before));
  const other = await bind(legionConfig({ address: b, nodes: [a], valor: 5 }), "b");
  runner.start();
  other.runner.start();
  await logged(isLord);
  await logged(/b joined/);
  await soon(robot.ended("GET"));
  const told = () => {
    const { never_heard, hooks, addresses, checks } = runner.stats();
    return [never_heard.length, hooks.map(({ line }) => line), addresses.length, checks.length];
  };
  assertEquals(told(), [0, [3, 4], 1, 1]);
  await other.runner.stop();

  // What it has not it knows nothing of; and what it is given back is new to it.
  const [kept] = before.hooks;
  runner.reconfigure(legionConfig({ ...before, nodes: [], checks: [], hooks: [kept] }));
  assertEquals(told(), [0, [3], 0, 0]);
  const sent = robot.requests.length;
  await delay(200);
  // One may have been on its way.
  assert(robot.requests.length <= sent + 1, `${robot.requests.length - sent} looks`);
  runner.reconfigure(legionConfig({ ...before }));
  assertEquals(told().toSpliced(2, 1), [1, [3], 1]);
  await soon(robot.ended("GET", robot.count("GET") + 2));
  await until("the check to pass", () => runner.stats().checks[0].state === "passing");
  await runner.stop();
});
