import { assertEquals } from "@std/assert";
import type { Clock } from "../../lib/node/clock.ts";
import { keepWatch } from "../../lib/node/watchdog.ts";

/** A clock that a test moves. */
class HandClock implements Clock {
  #nowMs = 0;
  #alarms = new Set<{ atMs: number; callback: () => void }>();

  now() {
    return { monotonicMs: this.#nowMs, wallMs: this.#nowMs };
  }

  at(atMs: number, callback: () => void) {
    const alarm = { atMs, callback };
    this.#alarms.add(alarm);
    return () => void this.#alarms.delete(alarm);
  }

  /** Lets time pass; with `hung` nothing runs before its end. */
  pass(ms: number, { hung = false } = {}): void {
    const endMs = this.#nowMs + ms;
    if (hung) this.#nowMs = endMs;
    for (;;) {
      const [next] = [...this.#alarms].sort((a, b) => a.atMs - b.atMs);
      if (next === undefined || next.atMs > endMs) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      this.#alarms.delete(next);
      next.callback();
    }
    this.#nowMs = endMs;
  }
}

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
