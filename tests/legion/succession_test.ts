// LEASE.md, "On the wire": a node that goes on under another uuid says which one it had.
import { assertEquals, assertThrows } from "@std/assert";
import { DatagramError } from "../../lib/legion/datagram_error.ts";
import { Driven } from "./driven.ts";

const [a1, a2, a3] = ["1", "2", "3"].map((n) => `a${n}`.padEnd(36));
const uuids = (node: Driven) => node.legion.view().members.map(({ uuid }) => uuid);

Deno.test("on the wire: the member of the former uuid is removed, and no hooks run", () => {
  const node = new Driven();
  node.hear("a", { uuid: a1 });
  node.to(500);
  node.log.length = 0;
  const hooks = node.hooks.length;
  node.hear("a", { uuid: a2, was: a1, valor: 0 });
  assertEquals(uuids(node), [a2]);
  assertEquals(node.log, [`a stands back as an arbiter (valor 0, uuid ${a2})`]);
  node.hear("a", { uuid: a3, was: a2, valor: 10 });
  assertEquals(uuids(node), [a3]);
  assertEquals(node.hooks.length, hooks);
});

Deno.test("on the wire: the node is known since it was first heard, under any uuid", () => {
  const node = new Driven();
  node.to(200);
  node.hear("a", { uuid: a1 });
  node.to(2_000);
  node.hear("a", { uuid: a2, was: a1 });
  assertEquals(node.legion.view().members.map(({ joinedMs, heardMs }) => [joinedMs, heardMs]), [
    [200, 2_000],
  ]);
});

Deno.test("on the wire: the words of the former uuid are refused, whichever comes first", () => {
  for (const isHeard of [true, false]) {
    const node = new Driven();
    if (isHeard) node.hear("a", { uuid: a1 });
    node.hear("a", { uuid: a2, was: a1 });
    assertEquals(dropped(() => node.hear("a", { uuid: a1, seq: 9 })), "replayed");
    // Its farewell is no news.
    node.hear("a", { uuid: a1, seq: 10, dead: true });
    assertEquals(uuids(node), [a2]);
  }
});

Deno.test("on the wire: said on and on, it changes nothing more", () => {
  const node = new Driven();
  node.hear("a", { uuid: a1 });
  node.hear("a", { uuid: a2, was: a1 });
  const { sendersKnown } = node.legion.view();
  for (let n = 0; n < 5; n++) node.hear("a", { uuid: a2, was: a1 });
  assertEquals([uuids(node), node.legion.view().sendersKnown], [[a2], sendersKnown]);
});

Deno.test("on the wire: a farewell that says its former uuid takes that along", () => {
  const node = new Driven();
  node.hear("a", { uuid: a1 });
  node.hear("a", { uuid: a2, was: a1, dead: true });
  assertEquals(uuids(node), []);
  assertEquals(dropped(() => node.hear("a", { uuid: a1, seq: 9 })), "replayed");
});

Deno.test("on the wire: the promise to the former uuid is released, as by dead", () => {
  const node = new Driven();
  const itself = (uuid: string, valor: number) => {
    return { valor, lordValor: valor, lordUuid: uuid, support: { uuid, seq: 1 }, uuid };
  };
  node.to(3_000);
  node.hear("a", { ...itself(a1, 40), lord: 1 });
  node.to(3_200);
  assertEquals(node.legion.view().support, a1);
  // The lord stands back, and b is the next.
  node.hear("a", { uuid: a2, was: a1, valor: 0 });
  node.hear("b", itself("b".repeat(36), 35));
  node.to(3_250);
  assertEquals(node.legion.view().support, "b".repeat(36));
});

Deno.test("rule 2: a node is counted under its new uuid at once, and without `was` not before T", () => {
  const counts = (changed: { was?: string }) => {
    const node = new Driven();
    node.to(3_200);
    node.hear("b");
    node.hear("a", { uuid: a1 });
    node.hear("a", { uuid: a2, ...changed });
    return node.legion.view().guarantee.why;
  };
  assertEquals(counts({ was: a1 }).includes("more than one"), false);
  assertEquals(counts({}), "more than one process says that it is a:2000: a, a");
});

function dropped(act: () => void) {
  return assertThrows(act, DatagramError).reason;
}
