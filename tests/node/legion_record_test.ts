import { assertEquals } from "@std/assert";
import type { KeptSettings } from "../../lib/robot/provider.ts";
import { LegionRecord } from "../../lib/node/legion_record.ts";
import { commandHook, hook } from "./legion_config.ts";

Deno.test("the last 100 events are kept", () => {
  const record = new LegionRecord(() => 7_999);
  for (let i = 0; i < 250; i++) record.event("info", `${i}`);
  const { events } = record;
  assertEquals([events.length, events[0], events[99]], [
    100,
    { time: 7, level: "info", message: "150" },
    { time: 7, level: "info", message: "249" },
  ]);
});

Deno.test("of each hook the last end is kept", () => {
  const record = new LegionRecord(() => 7_000);
  const hook = commandHook("lord", "true", 3);
  record.hookEnded(hook, { result: "aborted", seconds: 1 });
  record.hookEnded(hook, { result: "ok", seconds: 2 });
  assertEquals(record.hooks, [
    { event: "lord", action: "cmd", line: 3, result: "ok", seconds: 2, time: 7 },
  ]);
});

Deno.test("a look that failed leaves the last sight of an address as it was", () => {
  let wallMs = 1_000;
  const record = new LegionRecord(() => wallMs);
  const about = { provider: "hetzner-robot", ip: "4.4.4.4", wanted: "1.1.1.1" };
  record.addressSeen({ ...about, problem: "TIMEOUT: too late" });
  const never = {
    ...about,
    points_to: null,
    active_server_ip: null,
    seen: 0,
    seen_by: "",
    taken_over_by: "",
    problem: "TIMEOUT: too late",
  };
  assertEquals(record.addresses, [never]);
  wallMs = 2_000;
  record.addressSeen({ ...about, pointsTo: "2.2.2.2" });
  wallMs = 3_000;
  record.addressSeen({ ...about, problem: "TIMEOUT: too late" });
  assertEquals(record.addresses, [
    {
      ...about,
      points_to: "2.2.2.2",
      active_server_ip: "2.2.2.2",
      seen: 2,
      seen_by: "",
      taken_over_by: "",
      problem: "TIMEOUT: too late",
    },
  ]);
});

Deno.test("hooks and addresses that the configuration no longer has are forgotten", () => {
  const record = new LegionRecord(() => 7_000);
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

Deno.test("an address that one of the hooks still has is kept", () => {
  const record = new LegionRecord(() => 7_000);
  for (const ip of ["4.4.4.4", "5.5.5.5"]) {
    record.addressSeen({ provider: "hetzner-robot", ip, wanted: "1.1.1.1", pointsTo: "1.1.1.1" });
  }
  const settings = { ip: "4.4.4.4", url: "http://robot.example" } as KeptSettings;
  record.keepOnly([hook("lord", { kind: "hetzner-failoverip", settings })]);
  assertEquals(record.addresses.map(({ ip }) => ip), ["4.4.4.4"]);
});
