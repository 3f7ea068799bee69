import { assertEquals } from "@std/assert";
import { WantedHooks } from "../../lib/node/wanted_hooks.ts";
import { settingsFor, startRobot } from "../lab/robot.ts";
import { commandHook, hook } from "./legion_config.ts";

Deno.test("a hook that moves an address is wanted as long as it is configured; others always", async () => {
  await using robot = await startRobot();
  const kind = "hetzner-failoverip";
  const move = (verifyMs: number) =>
    hook("lord", { kind, settings: settingsFor(robot, { verifyMs }) });
  const wanted = new WantedHooks();
  const [kept, removed, ended] = [move(1), move(2), move(3)];
  const command = commandHook("lord", "sleep 60");
  const signals = [kept, removed, ended, command].map((each) => wanted.begins(each));
  wanted.ended(ended);
  wanted.keepOnly([move(1)]);
  assertEquals(signals.map(({ aborted }) => aborted), [false, true, false, false]);
});
