// LEASE.md, rule 5: until when a node may be lord (ε = 0.05).
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Lease } from "../../lib/legion/lease.ts";
import { announcement } from "./announcement.ts";
import { addressOf } from "./world.ts";

const self = "s".repeat(36);
const T = 10_000;

/** A list of voters, this node left out: it supports itself. */
const listOf = (quorum: number, names = ["a", "b", "c", "d"]) => ({
  quorum,
  voters: new Set(names.map(addressOf)),
});

function leaseOf(quorum: number) {
  const lease = new Lease();
  lease.begin();
  /** A voter says that it supports a node, this one if not told otherwise, and for how long. */
  const echo = (name: string, seq: number, { of = self, binds = T, uuid = name } = {}) =>
    lease.hear(
      announcement({
        uuid: uuid.repeat(36),
        node: addressOf(name),
        support: { uuid: of, seq },
        binds,
      }),
      self,
    );
  const endsMs = (...more: ReturnType<typeof listOf>[]) => lease.endsMs(listOf(quorum), more);
  return { lease, echo, endsMs };
}

Deno.test("rule 5: it counts from when the echoed announcement was sent, less a twentieth", () => {
  const { lease, echo, endsMs } = leaseOf(2);
  lease.sent(1, 1_000);
  lease.sent(2, 3_000);
  echo("a", 1);
  assertEquals(endsMs(), 10_500);
  echo("a", 2);
  assertEquals(endsMs(), 12_500);
});

Deno.test("rule 5: a support lasts for as long as its giver says that it binds", () => {
  for (const binds of [3_000, 15_000]) {
    const { lease, echo, endsMs } = leaseOf(2);
    lease.sent(1, 1_000);
    echo("a", 1, { binds });
    assertEquals([endsMs(), lease.shortestMs], [1_000 + binds * 0.95, binds]);
  }
});

Deno.test("rule 5: a support that binds for no time, as one that does not say, is worth none", () => {
  const { lease, echo, endsMs } = leaseOf(2);
  lease.sent(1, 1_000);
  echo("a", 1, { binds: 0 });
  assertEquals(endsMs(), 1_000);
});

Deno.test("rule 5: with quorum q the q-th latest end counts, one's own being now", () => {
  const { lease, echo, endsMs } = leaseOf(3);
  for (const [seq, sentMs] of [[1, 1_000], [2, 2_000], [3, 3_000]]) lease.sent(seq, sentMs);
  assertEquals(endsMs(), -Infinity);
  echo("a", 3);
  assertEquals(endsMs(), -Infinity);
  echo("b", 1);
  assertEquals(endsMs(), 10_500);
  echo("c", 2);
  assertEquals(endsMs(), 11_500);
  // The newest support of all, and the shortest: the others last longer.
  echo("d", 3, { binds: 1_000 });
  assertEquals([endsMs(), lease.shortestMs], [11_500, 1_000]);
});

Deno.test("rule 5: an echo from before a release is void", () => {
  const { lease, echo, endsMs } = leaseOf(2);
  lease.sent(1, 1_000);
  echo("a", 1);
  lease.begin();
  assertEquals([endsMs(), lease.shortestMs], [-Infinity, Infinity]);
  echo("a", 1);
  assertEquals(endsMs(), -Infinity);
  lease.sent(2, 5_000);
  echo("a", 2);
  assertEquals(endsMs(), 14_500);
});

Deno.test("rule 5: the echo of an announcement that was never sent supports nobody", () => {
  const { lease, echo, endsMs } = leaseOf(2);
  lease.sent(1, 1_000);
  for (const seq of [0, 2, Number.MAX_SAFE_INTEGER]) echo("a", seq);
  assertEquals(endsMs(), -Infinity);
});

Deno.test("rule 5: a voter that supports another, or has left, supports this node no more", () => {
  const { lease, echo, endsMs } = leaseOf(2);
  lease.sent(1, 1_000);
  echo("a", 1);
  echo("a", 7, { of: "o".repeat(36) });
  assertEquals(endsMs(), -Infinity);
  echo("a", 1);
  lease.hear(announcement({ node: addressOf("a") }), self);
  assertEquals(endsMs(), -Infinity);
  echo("a", 1);
  lease.left(addressOf("a"));
  assertEquals(endsMs(), -Infinity);
});

Deno.test("rule 2: a voter counts once, whatever uuids it takes", () => {
  const { lease, echo, endsMs } = leaseOf(3);
  for (const seq of [1, 2, 3]) lease.sent(seq, 1_000 * seq);
  echo("a", 1);
  echo("a", 3, { uuid: "A" });
  assertEquals(endsMs(), -Infinity);
  echo("b", 2);
  assertEquals(endsMs(), 11_500);
});

Deno.test("rule 2: a node that is no voter, or for which two processes speak, supports nobody", () => {
  const { lease, echo, endsMs } = leaseOf(2);
  lease.sent(1, 1_000);
  echo("a", 1);
  lease.keepOnly((node) => node === addressOf("a"));
  assertEquals(endsMs(), 10_500);
  lease.keepOnly((node) => node !== addressOf("a"));
  assertEquals(endsMs(), -Infinity);
});

Deno.test("rule 4: a promise once given is never shortened, not even by its giver's reload", () => {
  const { lease, echo, endsMs } = leaseOf(2);
  lease.sent(1, 1_000);
  lease.sent(2, 2_000);
  echo("a", 1, { binds: 15_000 });
  echo("a", 2, { binds: 3_000 });
  assertEquals([endsMs(), lease.shortestMs], [1_000 + 15_000 * 0.95, 3_000]);
  // Under another uuid the node has promised anew, or is another.
  echo("a", 2, { binds: 3_000, uuid: "A" });
  assertEquals(endsMs(), 2_000 + 3_000 * 0.95);
});

Deno.test("rule 5: where nobody else is needed it never ends", () => {
  for (const quorum of [0, 1]) assertEquals(leaseOf(quorum).endsMs(), Infinity);
});

Deno.test("rule 10: of several lists each has to be met by those who are on it", () => {
  const { lease, echo, endsMs } = leaseOf(2);
  for (const seq of [1, 2, 3]) lease.sent(seq, 1_000 * seq);
  echo("a", 3);
  const former = listOf(2, ["b", "x"]);
  assertEquals([endsMs(), endsMs(former)], [12_500, -Infinity]);
  echo("x", 1);
  assertEquals([endsMs(), endsMs(former)], [12_500, 10_500]);
  echo("b", 2);
  assertEquals(endsMs(former), 11_500);
  assertEquals(endsMs(former, listOf(3, ["a", "b"])), 11_500);
  assertEquals(endsMs(former, listOf(4, ["a", "b"])), -Infinity);
});

Deno.test("rule 5: however many announcements there are in a tolerance, memory is bounded", () => {
  const { lease, echo, endsMs } = leaseOf(2);
  for (let seq = 1; seq <= 5_000; seq++) lease.sent(seq, seq);
  echo("a", 4_000);
  assertEquals(endsMs(), -Infinity);
  echo("a", 4_001);
  assertEquals(endsMs(), 4_001 + 9_500);
});

Deno.test("rule 5: whatever is sent, echoed and left, the q-th latest end counts", () => {
  const name = fc.constantFrom("a", "b", "c", "d");
  const step = fc.oneof(
    fc.record({ what: fc.constant("sent" as const), passedMs: fc.integer({ min: 0, max: 4_000 }) }),
    fc.record({
      what: fc.constant("echo" as const),
      name,
      back: fc.nat({ max: 5 }),
      binds: fc.constantFrom(3_000, T, 15_000),
    }),
    fc.record({ what: fc.constant("left" as const), name }),
  );
  const steps = fc.array(step, { maxLength: 60 });
  fc.assert(fc.property(fc.integer({ min: 2, max: 5 }), steps, (quorum, steps) => {
    const { lease, echo, endsMs } = leaseOf(quorum);
    const sentMs: number[] = [];
    const supports = new Map<string, { untilMs: number; binds: number }>();
    let nowMs = 0;
    for (const each of steps) {
      if (each.what === "sent") {
        lease.sent(sentMs.length, nowMs += each.passedMs);
        sentMs.push(nowMs);
      } else if (each.what === "left") {
        lease.left(addressOf(each.name));
        supports.delete(each.name);
      } else {
        const { name, binds } = each;
        const seq = sentMs.length - 1 - each.back;
        echo(name, seq, { binds });
        if (seq < 0) continue;
        const untilMs = Math.max(sentMs[seq] + binds * 0.95, supports.get(name)?.untilMs ?? 0);
        supports.set(name, { untilMs, binds });
      }
      const all = [...supports.values()];
      const ends = all.map(({ untilMs }) => untilMs).sort((a, b) => b - a);
      assertEquals(endsMs(), ends[quorum - 2] ?? -Infinity);
      assertEquals(lease.shortestMs, Math.min(Infinity, ...all.map(({ binds }) => binds)));
    }
  }));
});
