import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { newCourse, type Pace } from "../../lib/robot/_course.ts";
import { newSchedule } from "../../lib/robot/_schedule.ts";

const trouble = { code: "", message: "" };
const course = newCourse("2.2.2.2");
const uncertain = { ...course, uncertain: true };

function schedule(leftMs: number, random = 0) {
  const limits = { timeoutMs: 60_000, deadlineMs: 180_000 };
  return newSchedule({ ...limits, leftMs: () => leftMs, random: () => random });
}

Deno.test("waits grow to a limit, each pace for itself", () => {
  const { appoint } = schedule(180_000);
  const waits = (next: "POST" | "GET", pace: Pace) =>
    Array.from({ length: 5 }, () => appoint({ next, pace, trouble }, course)!.waitMs);
  assertEquals(waits("GET", "look"), [1000, 3000, 9000, 12_000, 12_000]);
  assertEquals(waits("POST", "again"), [2000, 6000, 18_000, 40_000, 40_000]);
  assertEquals(waits("POST", "connect"), [1000, 3000, 5000, 5000, 5000]);
  assertEquals(waits("GET", "now"), [0, 0, 0, 0, 0]);
});

Deno.test("no POST so late that its reply could not come", () => {
  const step = { next: "POST", pace: "again", trouble } as const;
  assertEquals(schedule(32_000).appoint(step, course), { next: "POST", waitMs: 2000 });
  assertEquals(schedule(31_999).appoint(step, course), undefined);
  assertEquals(schedule(31_999).appoint(step, uncertain), { next: "GET", waitMs: 2000 });
  assertEquals(schedule(31_999).appoint(step, { ...uncertain, gets: 15 }), undefined);
});

Deno.test("the last look comes a second before the end", () => {
  const step = { next: "GET", pace: "look", trouble } as const;
  assertEquals(schedule(1500).appoint(step, course), { next: "GET", waitMs: 500 });
  assertEquals(schedule(1000).appoint(step, course), undefined);
  const { requestMs } = schedule(30_000);
  assertEquals([requestMs("POST"), requestMs("GET")], [29_000, 30_000]);
});

Deno.test("a look that is due at once is taken as long as there is any time", () => {
  const step = { next: "GET", pace: "now", trouble } as const;
  assertEquals(schedule(1).appoint(step, course), { next: "GET", waitMs: 0 });
  assertEquals(schedule(0).appoint(step, course), undefined);
});

Deno.test("where it is too late for a POST that is due at once, it is waited before a look", () => {
  const step = { next: "POST", pace: "now", trouble } as const;
  assertEquals(schedule(30_000).appoint(step, uncertain), { next: "POST", waitMs: 0 });
  assertEquals(schedule(29_999).appoint(step, uncertain), { next: "GET", waitMs: 1000 });
});

Deno.test("of a short time the last look has a tenth of all, or a quarter of a request's", () => {
  const keptMs = (timeoutMs: number, deadlineMs: number) => {
    const limits = { timeoutMs, deadlineMs, leftMs: () => 0, random: () => 0 };
    return -newSchedule(limits).requestMs("POST");
  };
  assertEquals([keptMs(4_000, 10_000), keptMs(4_000, 5_000), keptMs(1_000, 10_000)], [
    1_000,
    500,
    250,
  ]);
});

Deno.test("whatever is left, neither a wait nor a request outlasts it", () => {
  const time = fc.integer({ min: 1, max: 1_000_000 });
  const step = fc.constantFrom(
    { next: "POST", pace: "now", trouble } as const,
    { next: "POST", pace: "again", trouble } as const,
    { next: "POST", pace: "connect", trouble } as const,
    { next: "GET", pace: "now", trouble } as const,
    { next: "GET", pace: "look", trouble } as const,
  );
  fc.assert(
    fc.property(time, time, time, step, fc.boolean(), (timeoutMs, deadlineMs, left, step, yes) => {
      let leftMs = Math.min(left, deadlineMs);
      const limits = { timeoutMs, deadlineMs, leftMs: () => leftMs, random: () => 0.99 };
      const { appoint, requestMs } = newSchedule(limits);
      const appointment = appoint(step, yes ? uncertain : course);
      if (appointment === undefined) return;
      leftMs -= appointment.waitMs;
      const limitMs = requestMs(appointment.next);
      assert(limitMs > 0 && limitMs <= leftMs && limitMs <= timeoutMs, `${limitMs} of ${leftMs}`);
    }),
  );
});
