// LEASE.md, rule 11: how often a node may lose the title by its own fault.
import { assertEquals } from "@std/assert";
import { Flap } from "../../lib/legion/flap.ts";

Deno.test("rule 11: a node that loses the title more than so often within a time stands back", () => {
  const flap = new Flap({ count: 2, withinMs: 60_000 });
  flap.lost(1_000);
  flap.lost(20_000);
  assertEquals(flap.untilMs, -Infinity);
  flap.lost(30_000);
  // Until the oldest of the three is no longer within the time.
  assertEquals(flap.untilMs, 61_000);
  flap.lost(62_000);
  assertEquals(flap.untilMs, 80_000);
});

Deno.test("rule 11: the first loss is one too many where none is allowed", () => {
  const flap = new Flap({ count: 0, withinMs: 60_000 });
  flap.lost(1_000);
  assertEquals(flap.untilMs, 61_000);
});

Deno.test("rule 11: losses that are forgotten count no more, and those after them do", () => {
  const flap = new Flap({ count: 1, withinMs: 60_000 });
  flap.lost(1_000);
  flap.lost(2_000);
  flap.forget();
  assertEquals(flap.untilMs, -Infinity);
  flap.lost(3_000);
  assertEquals(flap.untilMs, -Infinity);
  flap.lost(4_000);
  assertEquals(flap.untilMs, 63_000);
});

Deno.test("another limit counts the losses that there have been", () => {
  const flap = new Flap({ count: 2, withinMs: 60_000 });
  for (const lostMs of [1_000, 2_000]) flap.lost(lostMs);
  flap.limit = { count: 1, withinMs: 30_000 };
  assertEquals(flap.untilMs, 31_000);
});
