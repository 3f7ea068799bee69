// LEASE.md, rules 3 and 4: whom a node promises its vote, and for how long (T = 10 s).
import { assertEquals } from "@std/assert";
import { type Announcement, maxBindsMs } from "../../lib/legion/announcement.ts";
import { VotePromise } from "../../lib/legion/promise.ts";
import { announcement } from "./announcement.ts";

const x = "x".repeat(36);
const y = "y".repeat(36);
const T = 10_000;
const to = (uuid: string, seq: number, heardMs: number) => ({ uuid, seq, heardMs });

/** X supports itself, and is lord. */
const lord = (seq: number, changed: Partial<Announcement> = {}) =>
  announcement({ uuid: x, seq, support: { uuid: x, seq }, lord: 1, ...changed });
/** X supports itself, and is no more than a candidate. */
const candidate = (seq: number) => lord(seq, { lord: 0 });

/** The standing of the sender with the node that hears it: no candidate of that node, or the one. */
const asOther = { isCandidate: false, renews: true };
const asCandidate = { isCandidate: true, renews: true };

/** A node that supports X since it heard its announcement 1, at 0 s. */
function ofX(): VotePromise {
  const promise = new VotePromise(T);
  promise.begin(0);
  promise.choose(to(x, 1, 0), 0);
  return promise;
}

/** Whether a node moves its vote to Y when its candidate is Y. */
function wouldBeYs(promise: VotePromise, nowMs: number) {
  promise.choose(to(y, 1, nowMs), nowMs);
  return promise.to?.uuid === y;
}

Deno.test("rule 3: one at a time, until T after the announcement last echoed", () => {
  const promise = ofX();
  assertEquals([promise.to, promise.endsMs], [{ uuid: x, seq: 1, binds: T }, T]);
  assertEquals(wouldBeYs(promise, 9_999), false);
  assertEquals(wouldBeYs(promise, 10_000), true);
});

Deno.test("rule 4: the time counts from when it was heard, not from when it is supported", () => {
  const promise = new VotePromise(T);
  promise.begin(0);
  promise.choose(to(x, 1, 2_000), 5_000);
  assertEquals(promise.endsMs, 12_000);
});

Deno.test("rule 3: released by dead, at once", () => {
  const promise = ofX();
  promise.hear(lord(2, { dead: true }), 1_000, asCandidate);
  assertEquals(wouldBeYs(promise, 1_000), true);
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
    const promise = ofX();
    promise.hear(said, 1_000, asOther);
    assertEquals(wouldBeYs(promise, 1_000), is);
  }
});

Deno.test("on the wire: released by the uuid that follows, as by dead", () => {
  const promise = ofX();
  promise.hear(announcement({ uuid: y, seq: 1, was: "z".repeat(36) }), 1_000, asOther);
  assertEquals(wouldBeYs(promise, 1_000), false);
  promise.hear(announcement({ uuid: y, seq: 2, was: x }), 1_000, asOther);
  assertEquals(wouldBeYs(promise, 1_000), true);
});

Deno.test("rule 3: nobody but X releases the promise that X has", () => {
  const promise = ofX();
  promise.hear(announcement({ uuid: y, seq: 2, dead: true }), 1_000, asOther);
  assertEquals(wouldBeYs(promise, 1_000), false);
});

Deno.test("rule 4: renewed by X that supports itself, and is lord, claims, or is the candidate", () => {
  const renewed: [is: boolean, said: Announcement, as: typeof asOther][] = [
    [true, lord(2), asOther],
    [true, lord(2, { lord: 0, claim: true }), asOther],
    [true, candidate(2), asCandidate],
    [false, candidate(2), asOther],
    [false, lord(2, { support: { uuid: y, seq: 9 } }), asCandidate],
    [false, lord(2, { support: undefined }), asCandidate],
  ];
  for (const [is, said, as] of renewed) {
    const promise = ofX();
    promise.hear(said, 4_000, as);
    assertEquals([promise.to?.seq, promise.endsMs], is ? [2, 14_000] : [1, 10_000]);
  }
});

Deno.test("rule 2: renewed among voters alone, and released by any that has it", () => {
  const promise = ofX();
  promise.hear(lord(2), 4_000, { isCandidate: true, renews: false });
  assertEquals([promise.to?.seq, promise.endsMs], [1, 10_000]);
  promise.hear(lord(3, { dead: true }), 4_000, { isCandidate: true, renews: false });
  assertEquals(promise.to, undefined);
});

Deno.test("rule 4: a promise that is not renewed runs out by itself", () => {
  const promise = ofX();
  promise.hear(candidate(2), 4_000, asOther);
  assertEquals([wouldBeYs(promise, 9_999), wouldBeYs(promise, 10_000)], [false, true]);
});

Deno.test("rule 4: a promise is never shortened by a reload, and says how long it binds", () => {
  const promise = ofX();
  promise.reconfigure(3_000);
  assertEquals([promise.to?.binds, promise.endsMs], [T, 10_000]);
  // With the next announcement the new time is told: the promise that was given lasts longer.
  promise.hear(lord(2), 1_000, asOther);
  assertEquals([promise.to?.seq, promise.to?.binds, promise.endsMs], [2, 3_000, 10_000]);
  promise.hear(lord(3), 8_000, asOther);
  assertEquals([promise.to?.binds, promise.endsMs], [3_000, 11_000]);
});

Deno.test("rule 4: a longer time counts from the next announcement on", () => {
  const promise = ofX();
  promise.reconfigure(30_000);
  assertEquals([promise.to?.binds, promise.endsMs], [T, 10_000]);
  promise.hear(lord(2), 1_000, asOther);
  assertEquals([promise.to?.binds, promise.endsMs], [30_000, 31_000]);
});

Deno.test("rule 4: a promise to the next node is as long as its own time, not the former's", () => {
  const promise = ofX();
  promise.reconfigure(3_000);
  promise.hear(lord(2, { dead: true }), 1_000, asOther);
  promise.choose(to(y, 1, 1_000), 1_000);
  assertEquals([promise.to?.binds, promise.endsMs], [3_000, 4_000]);
});

Deno.test("on the wire: a promise binds for whole milliseconds, and for a day at most", () => {
  for (const [toleranceMs, binds] of [[2_500.9, 2_500], [10 * maxBindsMs, maxBindsMs]]) {
    const promise = new VotePromise(toleranceMs);
    promise.begin(0);
    promise.choose(to(x, 1, 0), 0);
    assertEquals([promise.to?.binds, promise.endsMs], [binds, binds]);
  }
});

Deno.test("rule 12: after a start it supports nobody for T and a twentieth", () => {
  const promise = new VotePromise(T);
  assertEquals(wouldBeYs(promise, 1e9), false);
  promise.listen(5_000);
  assertEquals(promise.listensUntilMs, 15_500);
  assertEquals([wouldBeYs(promise, 15_499), wouldBeYs(promise, 15_500)], [false, true]);
});

/** A node whose last process supported X, by its announcement 7; T after the start unless renewed. */
function remembered(): VotePromise {
  const promise = new VotePromise(T);
  promise.begin(0);
  promise.remember({ uuid: x, seq: 7, binds: T, untilMs: T });
  return promise;
}

/** X claims nothing, and no longer supports itself. */
const released = (seq: number) => lord(seq, { lord: 0, support: undefined });

Deno.test("rule 12: a remembered promise is free only by what its holder says after renewing it", () => {
  const promise = remembered();
  // The last process may have heard a newer one: this comes late, for all that is known.
  promise.hear(released(9), 1_000, asCandidate);
  assertEquals([promise.to?.seq, wouldBeYs(promise, 1_000)], [7, false]);
  promise.hear(lord(10), 2_000, asCandidate);
  assertEquals([promise.to?.seq, promise.endsMs], [10, 12_000]);
  promise.hear(released(11), 3_000, asCandidate);
  assertEquals(wouldBeYs(promise, 3_000), true);
});

Deno.test("rule 12: an announcement from before the noted one renews no promise", () => {
  const promise = remembered();
  promise.hear(lord(6), 1_000, asCandidate);
  assertEquals([promise.to?.seq, promise.endsMs], [7, T]);
  promise.hear(released(8), 2_000, asCandidate);
  assertEquals(wouldBeYs(promise, 2_000), false);
});

Deno.test("rule 12: a remembered promise is free by dead, by was, and when it has run out", () => {
  const dead = remembered();
  dead.hear(lord(8, { dead: true }), 1_000, asCandidate);
  const renewed = remembered();
  renewed.hear(lord(1, { uuid: y, was: x }), 1_000, asCandidate);
  assertEquals([dead.to, renewed.to], [undefined, undefined]);
  assertEquals(wouldBeYs(remembered(), T), true);
});

Deno.test("rule 12: it is noted with the time for which any promise given still binds", () => {
  const promise = ofX();
  promise.reconfigure(1_000);
  promise.hear(lord(2), 3_000, asCandidate);
  assertEquals([promise.to?.binds, promise.endsMs], [1_000, T]);
  assertEquals(promise.noted(4_000), { uuid: x, seq: 2, binds: 6_000, untilMs: T });
  assertEquals(new VotePromise(T).noted(0), undefined);
});

Deno.test("rule 12: it listens for the longest promise that nobody remembers, less the quiet time", () => {
  const listening = (options?: { bindsMs: number; quietMs: number }) => {
    const promise = new VotePromise(T);
    promise.listen(1_000, options);
    return promise.listensUntilMs;
  };
  assertEquals(listening(), 11_500);
  assertEquals(listening({ bindsMs: 20_000, quietMs: 0 }), 22_000);
  assertEquals(listening({ bindsMs: 0, quietMs: 4_000 }), 7_500);
  assertEquals(listening({ bindsMs: 0, quietMs: 60_000 }), 1_000);
});
