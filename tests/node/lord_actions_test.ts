import { assertEquals } from "@std/assert";
import { LordActions } from "../../lib/node/lord_actions.ts";
import { LegionRecord } from "../../lib/node/legion_record.ts";
import { noMemory } from "../../lib/node/memory/memory.ts";
import { AccountGuard } from "../../lib/move/account_guard.ts";
import type { LegionConfig } from "../../lib/config/config.ts";
import { HandClock } from "../lab/hand_clock.ts";
import { settingsFor, startRobot } from "../lab/robot.ts";

Deno.test("the first request is prepared 0.3 s after the start, and at once where the node is to be lord", async () => {
  await using robot = await startRobot();
  const settings = settingsFor(robot, { preflight: false });
  const hook = { event: "lord", action: { kind: "hetzner-failoverip", settings } };
  const config = { hooks: [hook], toleranceMs: 3_000 } as unknown as LegionConfig;
  const preparedAfterMs = async (isHighest: boolean) => {
    const clock = new HandClock();
    const actions = new LordActions(config, {
      clock,
      memory: noMemory,
      record: new LegionRecord({ name: "a", wallMs: () => 0, hooks: config.hooks }),
      leaseMs: () => 0,
      care: {
        guard: new AccountGuard(),
        log() {},
        seen() {},
        recheck() {},
        moves() {},
        refused() {},
      },
    });
    const times: number[] = [];
    actions.care.prepare = () => void times.push(clock.now().monotonicMs);
    actions.lookAtStart(isHighest);
    clock.pass(299);
    clock.pass(1);
    clock.pass(10_000);
    await actions.close();
    assertEquals(clock.alarms, 0);
    return times;
  };
  assertEquals(await preparedAfterMs(true), [0]);
  assertEquals(await preparedAfterMs(false), [300]);
});
