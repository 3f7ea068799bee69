import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Course, type Haste, newCourse } from "../../lib/move/_course.ts";
import { newSchedule } from "../../lib/move/_schedule.ts";

const trouble = { code: "", message: "" };
const pace = {
  maxMoves: 5,
  maxLooks: 15,
  look: { firstMs: 1000, maxMs: 12_000 },
  maintenance: { firstMs: 5000, maxMs: 60_000 },
  again: { firstMs: 2000, maxMs: 40_000 },
  connect: { firstMs: 1000, maxMs: 5000 },
  failing: { most: 6, eachMs: 60_000 },
};
const rules = { title: "", pace, same: () => false, meaning: () => "unknown" as const };
const [course] = newCourse(rules, "2.2.2.2");
const uncertain = { ...course, uncertain: true };

function schedule(leftMs: number, random = 0) {
  const limits = { timeoutMs: 60_000, deadlineMs: 180_000, pace };
  return newSchedule({ ...limits, leftMs: () => leftMs, random: () => random });
}

Deno.test("waits grow to a limit, each pace for itself", () => {
  const { appoint } = schedule(180_000);
  const waits = (next: "move" | "look", haste: Haste) =>
    Array.from({ length: 5 }, () => appoint({ next, haste, trouble }, course)!.waitMs);
  assertEquals(waits("look", "look"), [1000, 3000, 9000, 12_000, 12_000]);
  assertEquals(waits("move", "again"), [2000, 6000, 18_000, 40_000, 40_000]);
  assertEquals(waits("move", "connect"), [1000, 3000, 5000, 5000, 5000]);
  assertEquals(waits("look", "now"), [0, 0, 0, 0, 0]);
});

Deno.test("no POST so late that its reply could not come", () => {
  const step = { next: "move", haste: "again", trouble } as const;
  assertEquals(schedule(32_000).appoint(step, course), { next: "move", waitMs: 2000 });
  assertEquals(schedule(31_999).appoint(step, course), undefined);
  assertEquals(schedule(31_999).appoint(step, uncertain), { next: "look", waitMs: 2000 });
  assertEquals(schedule(31_999).appoint(step, { ...uncertain, looks: 15 }), undefined);
});

Deno.test("the last look comes a second before the end", () => {
  const step = { next: "look", haste: "look", trouble } as const;
  assertEquals(schedule(1500).appoint(step, course), { next: "look", waitMs: 500 });
  assertEquals(schedule(1000).appoint(step, course), undefined);
  const { requestMs } = schedule(30_000);
  assertEquals([requestMs("move", course), requestMs("look", { ...course, moves: 1 })], [
    29_000,
    30_000,
  ]);
});

Deno.test("a look before the first POST gets 5 s, or a quarter of less", () => {
  const lookMs = (timeoutMs: number, deadlineMs: number) => {
    const limits = { timeoutMs, deadlineMs, leftMs: () => deadlineMs, random: () => 0, pace };
    return newSchedule(limits).requestMs("look", course);
  };
  assertEquals([lookMs(60_000, 180_000), lookMs(4_000, 180_000), lookMs(60_000, 8_000)], [
    5_000,
    1_000,
    2_000,
  ]);
});

Deno.test("a look that is due at once is taken as long as there is any time", () => {
  const step = { next: "look", haste: "now", trouble } as const;
  assertEquals(schedule(1).appoint(step, course), { next: "look", waitMs: 0 });
  assertEquals(schedule(0).appoint(step, course), undefined);
});

Deno.test("where it is too late for a POST that is due at once, it is waited before a look", () => {
  const step = { next: "move", haste: "now", trouble } as const;
  assertEquals(schedule(30_000).appoint(step, uncertain), { next: "move", waitMs: 0 });
  assertEquals(schedule(29_999).appoint(step, uncertain), { next: "look", waitMs: 1000 });
});

Deno.test("of a short time the last look has a tenth of all, or a quarter of a request's", () => {
  const keptMs = (timeoutMs: number, deadlineMs: number) => {
    const limits = { timeoutMs, deadlineMs, leftMs: () => 0, random: () => 0, pace };
    return -newSchedule(limits).requestMs("move", course);
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
    { next: "move", haste: "now", trouble } as const,
    { next: "move", haste: "again", trouble } as const,
    { next: "move", haste: "connect", trouble } as const,
    { next: "look", haste: "now", trouble } as const,
    { next: "look", haste: "look", trouble } as const,
  );
  fc.assert(
    fc.property(time, time, time, step, fc.boolean(), (timeoutMs, deadlineMs, left, step, yes) => {
      let leftMs = Math.min(left, deadlineMs);
      const limits = { timeoutMs, deadlineMs, leftMs: () => leftMs, random: () => 0.99, pace };
      const { appoint, requestMs } = newSchedule(limits);
      const appointment = appoint(step, yes ? uncertain : course);
      if (appointment === undefined) return;
      leftMs -= appointment.waitMs;
      const limitMs = requestMs(appointment.next, yes ? course : { ...course, moves: 1 });
      assert(limitMs > 0 && limitMs <= leftMs && limitMs <= timeoutMs, `${limitMs} of ${leftMs}`);
    }),
  );
});

Deno.test("the last look of a maintenance leaves the time for a switch", () => {
  const step = { next: "look", haste: "maintenance", trouble } as const;
  const maintenance = { ...course, last: "maintenance", moves: 1 } as const;
  const wait = (leftMs: number, random = 0) =>
    schedule(leftMs, random).appoint(step, maintenance)!.waitMs;
  assertEquals([wait(180_000), wait(36_000)], [5000, 5000]);
  // Asked for 5 s later, the switch would not end in time: so it is asked for sooner.
  assertEquals([wait(35_000), wait(31_000)], [4000, 0]);
  // There is no time for a switch any more, and somebody else may have asked for it.
  assertEquals(wait(30_999), 5000);
});

Deno.test("a locked address is asked for once more at the last useful moment", () => {
  const step = { next: "look", haste: "look", trouble } as const;
  const locked = { ...course, last: "locked", moves: 1 } as const;
  // Half a request's time must be left for the switch: 30 s.
  assertEquals(schedule(31_001).appoint(step, locked), { next: "look", waitMs: 1000 });
  const late = (leftMs: number, last: Partial<Course> = {}) => {
    const { appoint } = schedule(leftMs);
    for (let wait = 0; wait < 3; wait++) appoint(step, course);
    return appoint(step, { ...locked, ...last });
  };
  assertEquals(late(42_001), { next: "look", waitMs: 12_000 });
  assertEquals(late(42_000), { next: "move", waitMs: 12_000 });
  assertEquals(late(31_000), { next: "move", waitMs: 1_000 });
  assertEquals(late(30_999), { next: "look", waitMs: 12_000 });
  assertEquals(late(41_999, { moves: 5 }), { next: "look", waitMs: 12_000 });
  assertEquals(late(41_999, { last: "unknown" }), { next: "look", waitMs: 12_000 });
});
