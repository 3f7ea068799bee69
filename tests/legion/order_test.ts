import { assertEquals, assertThrows } from "@std/assert";
import type { Announcement } from "../../lib/legion/announcement.ts";
import { DatagramError } from "../../lib/legion/datagram_error.ts";
import { Order } from "../../lib/legion/order.ts";
import { announcement } from "./announcement.ts";

const second = 1_795_355_101;
const ours = (seq: number, changed: Partial<Announcement> = {}) =>
  announcement({ unix: second, seq, ...changed });
/** As uWSGI has it, without a seq. */
const theirs = (unix: number, changed: Partial<Announcement> = {}) =>
  announcement({ unix, ...changed });

const order = (maxLeft = 10) => new Order({ skewToleranceMs: 60_000, maxLeft });
/** A moment, in seconds after `second`, on both clocks. */
const at = (s: number) => ({ monotonicMs: s * 1000, wallMs: (second + s) * 1000 });

function replayed(order: Order, said: Announcement, message = "") {
  assertEquals(assertThrows(() => order.hear(said), DatagramError, message).reason, "replayed");
}

Deno.test("with a seq: doubled and late ones are dropped, whatever their clock says", () => {
  const heard = order();
  heard.hear(ours(5));
  replayed(heard, ours(5), "it is announcement 5 of its sender, 5 has been heard");
  replayed(heard, ours(4, { unix: second + 30 }), "it is announcement 4 of its sender, 5 has been");
  heard.hear(ours(6, { unix: second - 30 }));
  heard.hear(ours(100));
});

Deno.test("whoever has counted once does so always: without a seq it is another's", () => {
  const heard = order();
  heard.hear(ours(5));
  replayed(heard, theirs(second + 1));
});

Deno.test("without a seq: older ones are dropped, and within a second doubled ones", () => {
  const heard = order();
  heard.hear(theirs(second));
  replayed(heard, theirs(second - 1), "it is 1 s older than the newest of its sender");
  replayed(heard, theirs(second), "it has been heard before");
  heard.hear(theirs(second, { checksum: 7n }));
  replayed(heard, theirs(second), "it has been heard before");
  heard.hear(theirs(second + 1));
  replayed(heard, theirs(second, { checksum: 8n }), "it is 1 s older");
});

Deno.test("without a seq: no more of one second than any node has to tell", () => {
  const heard = order();
  for (let n = 0; n < 16; n++) heard.hear(theirs(second, { checksum: BigInt(n) }));
  replayed(heard, theirs(second, { checksum: 16n }));
  heard.hear(theirs(second + 1, { checksum: 16n }));
});

Deno.test("a sender is known by its uuid alone", () => {
  const heard = order();
  heard.hear(ours(5));
  replayed(heard, ours(5, { name: "another", valor: 99 }));
  heard.hear(ours(5, { uuid: "b".repeat(36) }));
});

Deno.test("what is dropped changes nothing", () => {
  const heard = order();
  heard.hear(ours(5));
  replayed(heard, ours(4, { dead: true }));
  assertEquals([heard.isDead(ours(4)), heard.size], [false, 1]);
  heard.hear(ours(6));
});

for (
  const [kind, alive, dead, later] of [
    ["ours", ours(5), ours(6, { dead: true }), ours(7)],
    ["uWSGI's", theirs(second), theirs(second, { dead: true }), theirs(second + 9)],
  ] as const
) {
  Deno.test(`a node of ${kind} that has left does not come back under its uuid`, () => {
    const heard = order();
    heard.hear(alive);
    heard.hear(dead);
    heard.left(dead.uuid, at(0));
    for (const said of [alive, dead, later]) replayed(heard, said, "its sender has left");
    assertEquals(heard.isDead(later), true);
  });
}

Deno.test("whoever was only silent may come back, and what it said before may not", () => {
  const heard = order();
  heard.hear(ours(5));
  heard.left(ours(5).uuid, at(15));
  replayed(heard, ours(5));
  heard.hear(ours(6));
});

/** Makes an order forget what it may. */
function sweep(heard: Order, s: number) {
  heard.hear(ours(1, { uuid: "sweep".padEnd(36) }));
  heard.left("sweep".padEnd(36), at(s));
}

Deno.test("whoever has left is remembered for as long as its clock would let it in", () => {
  // The sender's clock may be ahead: by as much longer.
  for (const ahead of [0, 59]) {
    const heard = order();
    const dead = ours(6, { unix: second + ahead, dead: true });
    heard.hear(dead);
    heard.left(dead.uuid, at(0));
    sweep(heard, 60 + ahead);
    assertEquals(heard.isDead(dead), true);
    const after = order();
    after.hear(dead);
    after.left(dead.uuid, at(0));
    sweep(after, 62 + ahead);
    assertEquals(after.isDead(dead), false);
  }
});

Deno.test("a sender whose clock was set back is remembered by the latest it ever said", () => {
  const heard = order();
  heard.hear(ours(5, { unix: second + 50 }));
  heard.hear(ours(6, { dead: true }));
  heard.left(ours(6).uuid, at(0));
  sweep(heard, 100);
  replayed(heard, ours(5, { unix: second + 50 }), "its sender has left");
});

Deno.test("of those that have left only the newest are remembered, and members always", () => {
  const heard = order(3);
  const nth = (n: number) => `${n}`.padStart(36, "0");
  heard.hear(ours(1));
  for (let n = 0; n < 100; n++) {
    heard.hear(ours(1, { uuid: nth(n), dead: true }));
    heard.left(nth(n), at(0));
  }
  assertEquals(heard.size, 1 + 3);
  replayed(heard, ours(1));
  replayed(heard, ours(2, { uuid: nth(99) }));
});

Deno.test("on the wire: under a uuid that has been given up nothing is heard any more", () => {
  for (const seq of [0, 7]) {
    const heard = order();
    heard.hear(ours(5));
    heard.gaveUp({ uuid: ours(5).uuid, seq }, at(0));
    assertEquals(heard.isDead(ours(5)), true);
    for (const said of [ours(5), ours(6), ours(100), theirs(second + 1)]) {
      replayed(heard, said, "its sender has left");
    }
  }
});

Deno.test("on the wire: a uuid that was never heard can be given up: its words may come late", () => {
  // Until its words are too old by the clock.
  for (const [sweptAt, isDead] of [[60, true], [62, false]] as const) {
    const heard = order();
    heard.gaveUp({ uuid: ours(1).uuid, seq: 0 }, at(0));
    replayed(heard, ours(1), "its sender has left");
    sweep(heard, sweptAt);
    assertEquals(heard.isDead(ours(1)), isDead);
  }
});

Deno.test("on the wire: of the uuids that have been given up a bounded number is remembered", () => {
  const heard = order(10);
  for (let n = 0; n < 1_000; n++) heard.gaveUp({ uuid: `${n}`.padEnd(36), seq: 0 }, at(0));
  assertEquals(heard.size, 10);
  assertEquals(heard.isDead({ uuid: "999".padEnd(36) }), true);
});

Deno.test("a sender that has counted is none of uWSGI's", () => {
  const heard = order();
  heard.hear(ours(1));
  heard.hear(theirs(second, { uuid: "u".repeat(36) }));
  const counts = (uuid: string) => heard.counts(ours(9, { uuid }));
  assertEquals([counts(ours(1).uuid), counts("u".repeat(36)), counts("x".repeat(36))], [
    true,
    false,
    false,
  ]);
});
