// LEASE.md, rule 5: until when a node may be lord (T = 10 s, ε = 0.05: 9.5 s).
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Lease } from "../../lib/legion/lease.ts";
import { announcement } from "./announcement.ts";

const self = "s".repeat(36);

function leaseOf(quorum: number) {
  const lease = new Lease({ quorum, toleranceMs: 10_000 });
  lease.begin();
  const echo = (name: string, seq: number, uuid = self) =>
    lease.hear(announcement({ uuid: name.repeat(36), support: { uuid, seq } }), name, self);
  return { lease, echo };
}

Deno.test("rule 5: it counts from when the echoed announcement was sent, less a twentieth", () => {
  const { lease, echo } = leaseOf(2);
  lease.sent(1, 1_000);
  lease.sent(2, 3_000);
  echo("a", 1);
  assertEquals(lease.endsMs, 10_500);
  echo("a", 2);
  assertEquals(lease.endsMs, 12_500);
});

Deno.test("rule 5: with quorum q the q-th newest anchor counts, one's own being now", () => {
  const { lease, echo } = leaseOf(3);
  for (const [seq, sentMs] of [[1, 1_000], [2, 2_000], [3, 3_000]]) lease.sent(seq, sentMs);
  assertEquals(lease.endsMs, -Infinity);
  echo("a", 3);
  assertEquals(lease.endsMs, -Infinity);
  echo("b", 1);
  assertEquals(lease.endsMs, 10_500);
  echo("c", 2);
  assertEquals(lease.endsMs, 11_500);
});

Deno.test("rule 5: an echo from before a release is void", () => {
  const { lease, echo } = leaseOf(2);
  lease.sent(1, 1_000);
  echo("a", 1);
  lease.begin();
  assertEquals(lease.endsMs, -Infinity);
  echo("a", 1);
  assertEquals(lease.endsMs, -Infinity);
  lease.sent(2, 5_000);
  echo("a", 2);
  assertEquals(lease.endsMs, 14_500);
});

Deno.test("rule 5: what was never sent, or too long ago, anchors nothing", () => {
  const { lease, echo } = leaseOf(2);
  lease.sent(1, 1_000);
  lease.sent(2, 10_500);
  for (const seq of [0, 1, 3, Number.MAX_SAFE_INTEGER]) echo("a", seq);
  assertEquals(lease.endsMs, -Infinity);
});

Deno.test("rule 5: whoever supports another, leaves, or is silent, supports no more", () => {
  const { lease, echo } = leaseOf(2);
  lease.sent(1, 1_000);
  echo("a", 1);
  echo("a", 7, "o".repeat(36));
  assertEquals(lease.endsMs, -Infinity);
  echo("a", 1);
  lease.hear(announcement({ uuid: "a".repeat(36) }), "a", self);
  assertEquals(lease.endsMs, -Infinity);
  echo("a", 1);
  lease.left("a".repeat(36));
  assertEquals(lease.endsMs, -Infinity);
});

Deno.test("rule 5: one supporter counts once, whatever uuid it takes, from wherever it is heard", () => {
  const { lease } = leaseOf(3);
  const echo = (name: string, seq: number, from: string) =>
    lease.hear(
      announcement({ uuid: name.repeat(36), support: { uuid: self, seq } }),
      from,
      self,
    );
  for (const seq of [1, 2, 3]) lease.sent(seq, 1_000 * seq);
  echo("a", 1, "1.1.1.1:2000");
  // Datagrams can be sent on from anywhere by anybody on their way.
  echo("a", 2, "6.6.6.6:6");
  assertEquals(lease.endsMs, -Infinity);
  // It has been started again.
  echo("b", 3, "6.6.6.6:6");
  assertEquals(lease.endsMs, -Infinity);
  echo("c", 2, "2.2.2.2:2000");
  assertEquals(lease.endsMs, 11_500);
});

Deno.test("rule 5: where nobody else is needed it never ends", () => {
  for (const quorum of [0, 1]) assertEquals(leaseOf(quorum).lease.endsMs, Infinity);
});

Deno.test("rule 5: however many announcements there are in a tolerance, memory is bounded", () => {
  const { lease, echo } = leaseOf(2);
  for (let seq = 1; seq <= 5_000; seq++) lease.sent(seq, seq);
  echo("a", 4_000);
  assertEquals(lease.endsMs, -Infinity);
  echo("a", 4_001);
  assertEquals(lease.endsMs, 4_001 + 9_500);
});

Deno.test("rule 5: whatever is sent, echoed and left, the q-th newest anchor counts", () => {
  const name = fc.constantFrom("a", "b", "c", "d");
  const step = fc.oneof(
    fc.record({ what: fc.constant("sent" as const), passedMs: fc.integer({ min: 0, max: 4_000 }) }),
    fc.record({ what: fc.constant("echo" as const), name, back: fc.nat({ max: 5 }) }),
    fc.record({ what: fc.constant("left" as const), name }),
  );
  const steps = fc.array(step, { maxLength: 60 });
  fc.assert(fc.property(fc.integer({ min: 2, max: 5 }), steps, (quorum, steps) => {
    const { lease, echo } = leaseOf(quorum);
    const untilMs: number[] = [];
    const anchors = new Map<string, number>();
    let nowMs = 0;
    for (const each of steps) {
      if (each.what === "sent") {
        lease.sent(untilMs.length, nowMs += each.passedMs);
        untilMs.push(nowMs + 9_500);
      } else if (each.what === "left") {
        lease.left(each.name.repeat(36));
        anchors.delete(each.name);
      } else {
        const seq = untilMs.length - 1 - each.back;
        echo(each.name, seq);
        if (untilMs[seq] > nowMs) anchors.set(each.name, untilMs[seq]);
      }
      const endsMs = [...anchors.values()].sort((a, b) => b - a)[quorum - 2] ?? -Infinity;
      // What has ended anchors nothing, and it does not matter since when.
      assertEquals(Math.max(lease.endsMs, nowMs), Math.max(endsMs, nowMs));
    }
  }));
});

Deno.test("rule 5: where the tolerance has been shortened, no lease is longer than its anchors", () => {
  const { lease, echo } = leaseOf(3);
  lease.sent(1, 1_000);
  lease.reconfigure({ quorum: 3, toleranceMs: 2_000 });
  lease.sent(2, 1_500);
  echo("a", 1);
  echo("b", 2);
  assertEquals(lease.endsMs, 1_500 + 1_900);
});
