// The end of a legion's runner: the things that it lets go of, and those that it waits for.
import { assert, assertEquals } from "@std/assert";
import type { Address } from "../../lib/base/address.ts";
import { delay } from "@std/async/delay";
import {
  AddressMissing,
  openUdp,
  type Transport,
  type TransportOptions,
} from "../../lib/node/transport.ts";
import { freePorts } from "../lab/free_ports.ts";
import { settingsFor, startRobot } from "../lab/robot.ts";
import { bind } from "./bind.ts";
import { HandClock } from "../lab/hand_clock.ts";
import { commandHook, hook, legionConfig } from "./legion_config.ts";
import { soon } from "../lab/soon.ts";

const isLord = /this node is the lord/;

function address() {
  const [port] = freePorts(1);
  return { host: "127.0.0.1", port };
}

Deno.test("a stop breaks off a look at the start", async () => {
  await using robot = await startRobot();
  robot.fail({ kind: "hang" });
  // Nothing but the stop ends the request in time.
  const failoverip = settingsFor(robot, { timeoutMs: 60_000, deadlineMs: 180_000 });
  const { runner } = await bind(legionConfig({
    address: address(),
    hooks: [hook("lord", { kind: "hetzner-failoverip", settings: failoverip })],
    quorum: 2,
  }));
  runner.start();
  await soon(robot.arrived("GET"));
  await runner.stop();
  assertEquals((await soon(robot.ended("GET"))).outcome, "gone");
});

Deno.test("a stop waits for its transport to be closed, and takes in no longer datagrams than it reads", async () => {
  let closed = false;
  let longest: number | undefined;
  const open = async (options: TransportOptions): Promise<Transport> => {
    longest = options.longest;
    const transport = await openUdp(options);
    return {
      send: (datagram, to) => transport.send(datagram, to),
      async close() {
        await delay(50);
        await transport.close();
        closed = true;
      },
    };
  };
  const { runner, logged } = await bind(legionConfig({ address: address() }), "a", open);
  runner.start();
  await logged(isLord);
  await runner.stop();
  assertEquals(closed, true);
  assert(longest !== undefined && longest > 4_096 && longest < 10_000, `${longest}`);
});

Deno.test("a second stop aborts the death hook, and waits for its end", async () => {
  const hanging = "trap 'sleep 0.3; exit' TERM; echo ready; while :; do sleep 0.1; done";
  const { runner, lines, logged } = await bind(legionConfig({
    address: address(),
    hooks: [commandHook("death", hanging)],
  }));
  runner.start();
  await logged(isLord);
  void runner.stop();
  await logged(/ready/);
  await runner.stop();
  assert(lines.some((line) => /death hook .* ended .*: aborted/.test(line)), lines.join("\n"));
});

Deno.test("one that is closed is not woken any more", async () => {
  const clock = new HandClock();
  let sent = 0;
  const open = () => Promise.resolve({ send: () => void sent++, close: () => Promise.resolve() });
  const config = legionConfig({ nodes: [{ host: "127.0.0.1", port: 1 }], quorum: 2 });
  const { runner } = await bind(config, "a", open, () => {}, clock);
  runner.start();
  await clock.passSlowly(500);
  const before = sent;
  await runner.close();
  await clock.passSlowly(10_000);
  assertEquals([before > 0, sent - before, runner.overdueMs], [true, 0, 0]);
});

Deno.test("one that stops can no longer be drained", async () => {
  const { runner, lines, logged } = await bind(legionConfig({ address: address() }));
  runner.start();
  await logged(isLord);
  const stopped = runner.stop();
  runner.drain("eve", Infinity);
  await stopped;
  assertEquals(lines.filter((line) => line.includes("eve")), []);
});

Deno.test("the legion begins once its address is there, and by what a reload said meanwhile", async () => {
  const clock = new HandClock();
  const sent: string[] = [];
  let isThere = false;
  const open = () => {
    if (!isThere) return Promise.reject(new AddressMissing("it is not there"));
    const send = (_datagram: Uint8Array, { port }: Address) => void sent.push(`${port}`);
    return Promise.resolve({ send, close: () => Promise.resolve() });
  };
  const node = (port: number) => ({ host: "127.0.0.1", port });
  const config = legionConfig({ nodes: [node(2)], quorum: 2 });
  const { runner, lines } = await bind(config, "a", open, () => {}, clock);
  runner.start();
  await clock.passSlowly(5_500);
  const { state, why_not_lord } = runner.stats();
  const why = "it waits until 127.0.0.1:1 can be listened on";
  assertEquals([state, why_not_lord, runner.promote("eve")], ["listening", why, why]);
  assertEquals([runner.standing, runner.overdueMs], ["test: waits for 127.0.0.1:1", 0]);
  assertEquals([lines, sent], [[
    "warn it is not there; this node waits for it (behind NAT: legion-address)",
  ], []]);
  runner.reconfigure(legionConfig({ nodes: [node(3)], quorum: 2 }));
  assertEquals(sent, []);
  isThere = true;
  await clock.passSlowly(1_500);
  assertEquals(lines[1], "info listens on 127.0.0.1:1");
  assert(/^info started as/.test(lines[2]), lines.join("\n"));
  assertEquals([...new Set(sent)], ["3"]);
  await runner.close();
});

Deno.test("a node that listens on all addresses knows itself once one of the list is there", async () => {
  const clock = new HandClock();
  const nowhere = () => Promise.resolve({ send() {}, close: () => Promise.resolve() });
  const nodes = ["10.0.0.1", "10.0.0.2"].map((host) => ({ host, port: 1 }));
  const config = legionConfig({ address: { host: "0.0.0.0", port: 1 }, nodes, quorum: 2 });
  const here = ["127.0.0.1"];
  const { runner, lines } = await bind(config, "a", nowhere, () => {}, clock, () => {}, () => here);
  runner.start();
  await clock.passSlowly(1_500);
  assertEquals(runner.stats().never_heard, ["10.0.0.1:1", "10.0.0.2:1"]);
  here.push("10.0.0.1");
  await clock.passSlowly(1_000);
  assertEquals(runner.stats().never_heard, ["10.0.0.2:1"]);
  assertEquals(lines.filter((line) => /this node is/.test(line)), ["info this node is 10.0.0.1:1"]);
  await runner.close();
});

Deno.test("one that waits for its address leaves nothing when it stops, and runs no hooks", async () => {
  const clock = new HandClock();
  let tries = 0;
  const open = () => Promise.reject(new AddressMissing(`missing at try ${++tries}`));
  const death = hook("death", { kind: "log", settings: { text: "farewell" } });
  const { runner, lines } = await bind(
    legionConfig({ hooks: [death] }),
    "a",
    open,
    () => {},
    clock,
  );
  runner.start();
  await clock.passSlowly(1_500);
  await Promise.all([runner.stop(), runner.stop()]);
  await clock.passSlowly(5_000);
  assertEquals([tries, lines], [2, [
    "warn missing at try 1; this node waits for it (behind NAT: legion-address)",
    "warn missing at try 2",
  ]]);
});

Deno.test("one alarm is set at a time", async () => {
  const clock = new HandClock();
  const nowhere = () => Promise.resolve({ send() {}, close: () => Promise.resolve() });
  const config = legionConfig({ nodes: [{ host: "127.0.0.1", port: 1 }], quorum: 2 });
  const { runner } = await bind(config, "a", nowhere, () => {}, clock);
  runner.start();
  // The looks at the start, a second later, are past.
  await clock.passSlowly(1_500);
  runner.reconfigure({ ...config, freqMs: 20 });
  runner.reconfigure({ ...config, freqMs: 70 });
  assertEquals(clock.alarms, 1);
  await clock.passSlowly(500);
  assertEquals(clock.alarms, 1);
  await runner.close();
});

Deno.test("a halt takes no leave, runs no hooks of an end, and ends the hook that runs", async () => {
  const [a, b] = [address(), address()];
  const settings = { quorum: 2, toleranceMs: 1_000 };
  const halted = await bind(legionConfig({
    ...settings,
    address: a,
    nodes: [b],
    valor: 20,
    hooks: [
      commandHook("lord", "echo begun; exec sleep 60"),
      commandHook("unlord", "echo unlord"),
      commandHook("death", "echo death"),
    ],
  }));
  const other = await bind(legionConfig({ ...settings, address: b, nodes: [a] }), "b");
  halted.runner.start();
  other.runner.start();
  await halted.logged(/info begun/, 20_000);
  const from = other.lines.length;
  await soon(halted.runner.halt());
  await halted.logged(/lord hook cmd .* aborted/);
  assertEquals(halted.lines.filter((line) => /info (unlord|death)$|failed/.test(line)), []);
  // The runner is closed for good, and neither a stop nor another halt does anything.
  await halted.runner.stop();
  await halted.runner.halt();
  await other.runner.stop();
  assertEquals(other.lines.slice(from).filter((line) => / left/.test(line)), []);
});

Deno.test("a halt of a node that leaves already waits for its leave", async () => {
  const { runner, lines, logged } = await bind(legionConfig({
    address: address(),
    hooks: [commandHook("death", "sleep 0.3; echo farewell")],
  }));
  runner.start();
  await logged(isLord);
  const stopped = runner.stop();
  await runner.halt();
  assert(lines.some((line) => line === "info farewell"));
  await stopped;
});

Deno.test("a halt of a node that waits for its address only closes it", async () => {
  const clock = new HandClock();
  const open = () => Promise.reject(new AddressMissing("it is not there yet"));
  const { runner, lines } = await bind(
    legionConfig({ address: address() }),
    "a",
    open,
    undefined,
    clock,
  );
  runner.start();
  await runner.halt();
  assertEquals(lines.filter((line) => /without taking leave/.test(line)), []);
});
