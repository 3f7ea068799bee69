import { assertEquals } from "@std/assert";
import { keepWatch } from "../../lib/node/watchdog.ts";
import { HandClock } from "../lab/hand_clock.ts";

function watched(watchdogMs: number | undefined) {
  const clock = new HandClock();
  const warnings: string[] = [];
  const fedMs: number[] = [];
  const legion = { wakeMs: Infinity };
  const end = keepWatch({
    watchdogMs,
    clock,
    overdueMs: () => Math.max(0, clock.now().monotonicMs - legion.wakeMs),
    feed: () => fedMs.push(clock.now().monotonicMs),
    warn: (message) => warnings.push(message),
  });
  return { clock, legion, fedMs, warnings, end };
}

Deno.test("it is fed at once, and then at half of its time", () => {
  const { clock, fedMs, end } = watched(10_000);
  clock.pass(20_000);
  end();
  clock.pass(20_000);
  assertEquals(fedMs, [0, 5_000, 10_000, 15_000, 20_000]);
});

Deno.test("where there is none nothing is fed", () => {
  const { clock, fedMs } = watched(undefined);
  clock.pass(20_000);
  assertEquals(fedMs, []);
});

Deno.test("a legion whose timer never comes is not fed for, and that is logged once", () => {
  const { clock, legion, fedMs, warnings } = watched(10_000);
  legion.wakeMs = 4_000;
  clock.pass(60_000);
  assertEquals(fedMs, [0, 5_000]);
  assertEquals(warnings, ["a timer is 6.0 s late: the watchdog is not fed"]);
});

Deno.test("a loop that hangs feeds nobody, and afterwards waits for the legion's own timers", () => {
  const { clock, legion, fedMs } = watched(10_000);
  legion.wakeMs = 1_000;
  clock.pass(9_000, { hung: true });
  assertEquals(fedMs, [0]);
  legion.wakeMs = Infinity;
  clock.pass(500);
  assertEquals(fedMs, [0, 9_500]);
});
