// The lease's rules 1 to 3: whom a node supports (T = 10 s).
import { assertEquals } from "@std/assert";
import type { Announcement } from "../../lib/legion/announcement.ts";
import { Support } from "../../lib/legion/support.ts";
import { announcement } from "./announcement.ts";

const x = "x".repeat(36);
const y = "y".repeat(36);
const to = (uuid: string, seq: number, heardMs: number) => ({ uuid, seq, heardMs });

/** X supports itself, and is lord. */
const lord = (seq: number, changed: Partial<Announcement> = {}) =>
  announcement({ uuid: x, seq, support: { uuid: x, seq }, lord: 1, ...changed });
/** X supports itself, and is no more than a candidate. */
const candidate = (seq: number) => lord(seq, { lord: 0 });

/** A node that supports X since it heard its announcement 1, at 0 s. */
function ofX(): Support {
  const support = new Support(10_000);
  support.begin(0);
  support.choose(to(x, 1, 0), 0);
  return support;
}

/** Whom it supports when its candidate is Y. */
function wouldBeYs(support: Support, nowMs: number) {
  support.choose(to(y, 1, nowMs), nowMs);
  return support.to?.uuid === y;
}

Deno.test("rule 3: one at a time, until T after the announcement last echoed", () => {
  const support = ofX();
  assertEquals([support.to?.seq, support.endsMs], [1, 10_000]);
  assertEquals(wouldBeYs(support, 9_999), false);
  assertEquals(wouldBeYs(support, 10_000), true);
});

Deno.test("rule 4: the time counts from when it was heard, not from when it is supported", () => {
  const support = new Support(10_000);
  support.begin(0);
  support.choose(to(x, 1, 2_000), 5_000);
  assertEquals(support.endsMs, 12_000);
});

Deno.test("rule 3: released by dead, at once", () => {
  const support = ofX();
  support.hear(lord(2, { dead: true }), x, 1_000);
  assertEquals(wouldBeYs(support, 1_000), true);
});

Deno.test("rule 3: released by one that claims nothing and no longer supports itself", () => {
  const released: [is: boolean, said: Announcement][] = [
    [true, lord(2, { lord: 0, support: undefined })],
    [true, lord(2, { lord: 0, support: { uuid: y, seq: 9 } })],
    [false, lord(2, { support: undefined })],
    [false, lord(2, { lord: 0, claim: true, support: { uuid: y, seq: 9 } })],
    [false, lord(2, { lord: 0 })],
  ];
  for (const [is, said] of released) {
    const support = ofX();
    support.hear(said, y, 1_000);
    assertEquals(wouldBeYs(support, 1_000), is);
  }
});

Deno.test("rule 3: nobody but X releases what X was promised", () => {
  const support = ofX();
  support.hear(announcement({ uuid: y, seq: 2, dead: true }), x, 1_000);
  assertEquals(wouldBeYs(support, 1_000), false);
});

Deno.test("rule 4: renewed by X that supports itself, and is lord, claims, or is the candidate", () => {
  const renewed: [is: boolean, said: Announcement, candidate: string][] = [
    [true, lord(2), y],
    [true, lord(2, { lord: 0, claim: true }), y],
    [true, candidate(2), x],
    [false, candidate(2), y],
    [false, lord(2, { support: { uuid: y, seq: 9 } }), x],
    [false, lord(2, { support: undefined }), x],
  ];
  for (const [is, said, candidateUuid] of renewed) {
    const support = ofX();
    support.hear(said, candidateUuid, 4_000);
    assertEquals([support.to?.seq, support.endsMs], is ? [2, 14_000] : [1, 10_000]);
  }
});

Deno.test("rule 4: what is not renewed runs out by itself", () => {
  const support = ofX();
  support.hear(candidate(2), y, 4_000);
  assertEquals([wouldBeYs(support, 9_999), wouldBeYs(support, 10_000)], [false, true]);
});

Deno.test("rule 12: after a start it supports nobody for T and a twentieth", () => {
  const support = new Support(10_000);
  support.listen(5_000);
  assertEquals(support.listensUntilMs, 15_500);
  assertEquals([wouldBeYs(support, 15_499), wouldBeYs(support, 15_500)], [false, true]);
});
