import { assertEquals } from "@std/assert";
import type { KeptSettings } from "../../lib/robot/provider.ts";
import { LegionRecord, type LegionRecordOptions } from "../../lib/node/legion_record.ts";
import { commandHook, hook } from "./legion_config.ts";

/** The record of node `a`, at a wall clock that stands still. */
function begin(changed: Partial<LegionRecordOptions> = {}): LegionRecord {
  return new LegionRecord({ name: "a", wallMs: () => 7_000, hooks: [], ...changed });
}

Deno.test("the last 100 events are kept", () => {
  const record = begin({ wallMs: () => 7_999 });
  for (let i = 0; i < 250; i++) record.event("info", `${i}`);
  const { events } = record;
  assertEquals([events.length, events[0], events[99]], [
    100,
    { time: 7, level: "info", message: "150" },
    { time: 7, level: "info", message: "249" },
  ]);
});

Deno.test("of each hook the last end is kept", () => {
  const record = begin();
  const hook = commandHook("lord", "true", 3);
  record.hookEnded(hook, { result: "aborted", seconds: 1 });
  record.hookEnded(hook, { result: "ok", seconds: 2 });
  assertEquals(record.hooks, [
    { event: "lord", action: "cmd", line: 3, result: "ok", seconds: 2, time: 7 },
  ]);
});

const moving = hook("lord", {
  kind: "hetzner-failoverip",
  settings: {
    ip: "4.4.4.4",
    url: "http://robot.example",
    activeServerIp: "1.1.1.1",
  } as KeptSettings,
}, 12);

Deno.test("a hook that runs: since when, how often it has asked, and its last trouble", () => {
  let wallMs = 7_000;
  const record = begin({ wallMs: () => wallMs, hooks: [moving] });
  assertEquals(record.running, []);
  record.hookBegins(moving);
  wallMs = 9_000;
  record.hookMoves("4.4.4.4", { step: "begun" });
  for (const why of ["LOCKED: a switch is running", "LOCKED: it still is"]) {
    record.hookMoves("4.4.4.4", { step: "asked" });
    record.hookMoves("4.4.4.4", { step: "troubled", why });
  }
  const running = { event: "lord", action: "hetzner-failoverip", line: 12, since: 7 };
  assertEquals(record.running, [{ ...running, attempts: 2, last_error: "LOCKED: it still is" }]);
  record.hookEnded(moving, { result: "ok", seconds: 2 });
  assertEquals(record.running, []);
  // The watch takes an address back: no hook runs.
  record.moves("4.4.4.4", { step: "asked" });
  record.hookMoves("4.4.4.4", { step: "asked" });
  assertEquals(record.running, []);
});

Deno.test("of hooks that run side by side each tells its own attempts", () => {
  const settings = { ...moving.action.settings as KeptSettings, ip: "5.5.5.5" };
  const second = hook("lord", { ...moving.action, settings }, 13);
  const record = begin({ hooks: [moving, second] });
  for (const each of [moving, second]) record.hookBegins(each);
  record.hookMoves("5.5.5.5", { step: "asked" });
  record.hookMoves("5.5.5.5", { step: "troubled", why: "LOCKED: a switch is running" });
  const told = () => record.running.map(({ line, attempts }) => `${line} ${attempts}`);
  assertEquals(told(), ["12 0", "13 1"]);
  record.hookEnded(moving, { result: "ok", seconds: 1 });
  assertEquals(told(), ["13 1"]);
  record.hookGone(second);
  assertEquals(told(), []);
});

Deno.test("takeovers are counted by outcome, for the addresses of the lord hooks alone", () => {
  const record = begin({ hooks: [moving] });
  const [{ outcomes: none }] = record.takeovers;
  assertEquals(Object.values(none).every((count) => count === 0), true);
  for (const outcome of ["try later", "routed", "routed"] as const) {
    record.moves("4.4.4.4", { step: "begun" });
    record.hookMoves("4.4.4.4", { step: "asked" });
    record.moves("4.4.4.4", { step: "ended", outcome });
  }
  record.moves("4.4.4.4", { step: "begun" });
  record.moves("5.5.5.5", { step: "begun" });
  const outcomes = { ...none, "try later": 1, routed: 2 };
  assertEquals(record.takeovers, [{ ip: "4.4.4.4", begun: 4, outcomes }]);
  record.keepOnly([moving]);
  assertEquals(record.takeovers[0].begun, 4);
  record.keepOnly([hook("unlord", moving.action)]);
  assertEquals(record.takeovers, []);
});

Deno.test("another lord makes the sight of an address old, until the lord tells its own", () => {
  const record = begin({ hooks: [moving] });
  const about = { provider: "hetzner-robot", ip: "4.4.4.4", wanted: "1.1.1.1" };
  record.lords(["a"]);
  record.addressSeen({ ...about, pointsTo: "1.1.1.1" });
  const by = () => record.addresses.map(({ seen_by, taken_over_by }) => [seen_by, taken_over_by]);
  assertEquals(by(), [["a", ""]]);
  record.lords(["b"]);
  record.lords(["b"]);
  assertEquals(by(), [["a", "b"]]);
  record.sightHeard({ ip: "4.4.4.4", where: "2.2.2.2", ageSeconds: 0 }, "b");
  assertEquals(by(), [["b", ""]]);
  assertEquals([record.reigns.map(({ lord }) => lord), record.transitions], [["", "a", "b"], 1]);
});

Deno.test("a failed hook is mended once its address is seen where it is wanted", () => {
  const record = begin({ hooks: [moving] });
  const failed = { result: "failed: try later: LOCKED", seconds: 60 };
  const command = commandHook("lord", "false");
  for (const hook of [moving, command]) record.hookEnded(hook, failed);
  const about = { provider: "hetzner-robot", ip: "4.4.4.4", wanted: "1.1.1.1" };
  const mended = () => record.hooks.map(({ mended }) => mended);
  record.addressSeen({ ...about, pointsTo: "2.2.2.2" });
  record.addressSeen({ ...about, problem: "TIMEOUT: too late" });
  record.addressSeen({ ...about, ip: "5.5.5.5", pointsTo: "1.1.1.1" });
  assertEquals(mended(), [undefined, undefined]);
  record.addressSeen({ ...about, pointsTo: "1.1.1.1" });
  assertEquals(mended(), [true, undefined]);
  record.hookEnded(moving, failed);
  assertEquals(mended()[0], undefined);
});

Deno.test("hooks and addresses that the configuration no longer has are forgotten", () => {
  const record = begin({ hooks: [moving] });
  for (const command of ["stays", "goes"]) {
    record.hookEnded(commandHook("lord", command, 3), { result: "ok", seconds: 1 });
  }
  record.addressSeen({
    provider: "hetzner-robot",
    ip: "4.4.4.4",
    wanted: "1.1.1.1",
    pointsTo: "1.1.1.1",
  });
  record.keepOnly([commandHook("lord", "stays", 5), commandHook("unlord", "goes", 6)]);
  assertEquals(record.hooks, [
    { event: "lord", action: "cmd", line: 5, result: "ok", seconds: 1, time: 7 },
  ]);
  assertEquals(record.addresses, []);
});

Deno.test("an address that one of the hooks still has is kept, with its sight", () => {
  const settings = { ...moving.action.settings as KeptSettings, ip: "5.5.5.5" };
  const record = begin({ hooks: [moving, hook("unlord", { ...moving.action, settings })] });
  const seen = () => record.addresses.map(({ ip, seen }) => `${ip} ${seen}`);
  assertEquals(seen(), ["4.4.4.4 0", "5.5.5.5 0"]);
  for (const ip of ["4.4.4.4", "5.5.5.5"]) {
    record.addressSeen({ provider: "hetzner-robot", ip, wanted: "1.1.1.1", pointsTo: "1.1.1.1" });
  }
  record.keepOnly([moving]);
  assertEquals(seen(), ["4.4.4.4 7"]);
});

Deno.test("an address of a device is told as those of providers are, with this node's own address", () => {
  const settings = { ip: "10.0.0.100", prefix: 24, dev: "lan", repeatMs: 10_000 };
  const own = hook("lord", { kind: "address", settings }, 9);
  const record = begin({ hooks: [own] });
  record.keepOnly([own], "10.0.0.1");
  const told = () => {
    const [{ points_to, seen_by, problem }] = record.addresses;
    return [points_to, seen_by, problem].join("|");
  };
  const [{ wanted, provider }] = record.addresses;
  assertEquals([wanted, provider, told()], ["10.0.0.1", "device", "||"]);
  record.upheldSeen("10.0.0.100", { problems: ["no device", "no rights"] });
  assertEquals(told(), "||no device; no rights");
  record.sightHeard({ ip: "10.0.0.100", where: "10.0.0.2", ageSeconds: 0 }, "b");
  record.upheldSeen("10.0.0.100", { problems: [] });
  assertEquals(told(), "10.0.0.2|b|");
  record.hookEnded(own, { result: "failed", seconds: 1 });
  record.upheldSeen("10.0.0.100", { isHere: false, problems: ["no device"] });
  assertEquals([told(), record.hooks[0].mended], ["|a|no device", undefined]);
  record.upheldSeen("10.0.0.100", { isHere: true, problems: [] });
  assertEquals([told(), record.hooks[0].mended], ["10.0.0.1|a|", true]);
  record.upheldSeen("10.0.0.100", { isHere: true, other: "02:00:00:00:00:07", problems: ["two"] });
  assertEquals(told(), "02:00:00:00:00:07|a|two");
  record.upheldSeen("10.0.0.7", { isHere: true, problems: [] });
  assertEquals(record.addresses.length, 1);
  assertEquals(record.hasLooked, false);
});
