// LEASE.md, rule 11, and legion-failback: when a node takes the title from a lord of lower rank.
import { assertEquals } from "@std/assert";
import { Failback, type FailbackSituation } from "../../lib/legion/failback.ts";
import type { LegionOptions } from "../../lib/legion/options.ts";
import { lordSaying } from "./lord_saying.ts";

const T = 3_000;
const unknown = "it does not know yet whether there is a lord";
const manual = { kind: "manual" } as const;
const delay = { kind: "delay", delayMs: 10_000 } as const;

/** A node of valor 30 that began at 0. */
function failbackOf(failback: LegionOptions["failback"]) {
  const of = new Failback({ failback, toleranceMs: T });
  of.begin(0);
  const own = { valor: 30, uuid: "s".repeat(36) };
  const why = (nowMs: number, changed: Partial<FailbackSituation> = {}) =>
    of.reason({ own, isQuorate: true, isComplete: false, isBarred: false, nowMs, ...changed })?.why;
  return { of, why, own };
}

/** A lord of lower rank that is heard now. */
const lower = (nowMs: number) => ({ lord: lordSaying({ valor: 20, heardMs: nowMs }) });
const higher = (nowMs: number) => ({ lord: lordSaying({ valor: 40, heardMs: nowMs }) });

Deno.test("immediate: a node takes the title from whom it outranks", () => {
  const { of, why } = failbackOf({ kind: "immediate" });
  assertEquals([why(0), why(1_000, lower(1_000)), why(2_000, { isQuorate: false })], [
    undefined,
    undefined,
    undefined,
  ]);
  assertEquals(of.dueMs(0), Infinity);
});

Deno.test("manual: a node waits from its start for a lord, and stands after T without one", () => {
  const { of, why } = failbackOf(manual);
  assertEquals([why(0), of.dueMs(0)], [unknown, T]);
  assertEquals([why(T - 1), why(T)], [unknown, undefined]);
});

Deno.test("manual: it makes way for a lord of lower rank until it is promoted", () => {
  const { of, why } = failbackOf(manual);
  const spares = "it makes way for lord until it is promoted";
  assertEquals([why(100, lower(100)), why(60_000, lower(60_000))], [spares, spares]);
  of.promote();
  assertEquals([why(61_000, lower(61_000)), why(62_000, lower(62_000))], [undefined, undefined]);
  of.done();
  assertEquals(why(63_000, lower(63_000)), spares);
});

Deno.test("manual: a lord that outranks it keeps it from nothing", () => {
  assertEquals(failbackOf(manual).why(100, higher(100)), undefined);
});

Deno.test("manual: it stands T after the last word of the lord that it spared", () => {
  const { of, why } = failbackOf(manual);
  why(5_000, lower(5_000));
  assertEquals(of.dueMs(5_500), 5_000 + T);
  assertEquals([why(5_500), why(7_999), why(8_000)], [unknown, unknown, undefined]);
});

Deno.test("manual: without a quorum for a third of T it waits again, and is promoted no more", () => {
  const { of, why } = failbackOf(manual);
  assertEquals(why(T), undefined);
  const alone = { isQuorate: false };
  assertEquals([why(4_000, alone), of.dueMs(4_000), why(4_999, alone)], [
    undefined,
    5_000,
    undefined,
  ]);
  assertEquals(why(5_000, alone), unknown);
  of.promote();
  assertEquals(why(6_000, alone), unknown);
  assertEquals(why(7_000, lower(7_000)), "it makes way for lord until it is promoted");
});

Deno.test("delay: it makes way for a lord of lower rank for so long, counted from when it can stand", () => {
  const { of, why, own } = failbackOf(delay);
  const situation = { own, isQuorate: true, isComplete: false, isBarred: false };
  assertEquals(of.reason({ ...situation, ...lower(1_000), nowMs: 1_000 }), {
    kind: "holding back",
    why: "it makes way for lord",
    untilMs: 11_000,
  });
  // While it stands back for another reason the time does not run.
  why(5_000, { ...lower(5_000), isBarred: true });
  assertEquals(of.reason({ ...situation, ...lower(6_000), nowMs: 6_000 })?.untilMs, 16_000);
  assertEquals(of.dueMs(15_000), 16_000);
  assertEquals(why(15_999, lower(15_999)), "it makes way for lord");
  assertEquals(why(16_000, lower(16_000)), undefined);
});

for (const failback of [{ kind: "immediate" } as const, manual, delay]) {
  Deno.test(`rule 11: ${failback.kind}: after a failed hook it spares a lord until it was lord once`, () => {
    const { of, why } = failbackOf(failback);
    why(T);
    of.failed();
    const spares = "it makes way for lord, since a lord hook failed here";
    for (const nowMs of [4_000, 20_000, 1_000_000]) {
      assertEquals(why(nowMs, lower(nowMs)), spares);
    }
    of.done();
    const after = why(1_001_000, lower(1_001_000));
    assertEquals(after === spares, false);
    if (failback.kind === "immediate") assertEquals(after, undefined);
  });
}

Deno.test("rule 11: a lord hook that failed keeps it from no title that nobody has", () => {
  const { of, why } = failbackOf({ kind: "immediate" });
  of.failed();
  assertEquals(why(1_000), undefined);
  why(2_000, lower(2_000));
  // The lord has gone: not heard for T.
  assertEquals([why(2_500), why(4_999), why(5_000)], [unknown, unknown, undefined]);
});

Deno.test("rule 11: after a lord hook that failed, somebody may promote it all the same", () => {
  const { of, why } = failbackOf({ kind: "immediate" });
  of.failed();
  of.promote();
  assertEquals(why(1_000, lower(1_000)), undefined);
});

Deno.test("an arbiter holds nothing back", () => {
  const own = { valor: 0, uuid: "s".repeat(36) };
  assertEquals(failbackOf(manual).why(0, { own }), undefined);
});

Deno.test("rule 12: all listed nodes are heard, and none is lord: there is nobody to make way for", () => {
  const { why } = failbackOf(manual);
  assertEquals(why(0), unknown);
  assertEquals(why(10, { isComplete: true }), undefined);
});

Deno.test("rule 11: after a crash it makes way for a lord for a while, whatever the use", () => {
  const { of, own } = failbackOf({ kind: "immediate" });
  of.begin(0, { spares: { untilMs: 12_000, why: "crashed" } });
  const situation = { own, isQuorate: true, isComplete: true, isBarred: false };
  assertEquals(of.reason({ ...situation, ...lower(1_000), nowMs: 1_000 }), {
    kind: "holding back",
    why: "it makes way for lord, since its last process crashed",
    untilMs: 12_000,
  });
  assertEquals(of.dueMs(11_999), 12_000);
  assertEquals(of.reason({ ...situation, ...lower(11_999), nowMs: 12_000 }), undefined);
  assertEquals(of.spares, undefined);
});

Deno.test("rule 12: a node that goes on as the same one holds back if it did", () => {
  for (const held of [true, false]) {
    const { of, why } = failbackOf(manual);
    of.begin(0, { held });
    assertEquals(why(0), held ? unknown : undefined);
  }
});
