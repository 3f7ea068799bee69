// LEASE.md, "On the wire": the announcements that a node makes, and when.
import { assert, assertEquals } from "@std/assert";
import { configMark } from "../../lib/legion/config_mark.ts";
import { Driven } from "./driven.ts";
import type { Told } from "./driven.ts";
import { addressOf } from "./world.ts";

const uuid = (n: number) => `uuid-${n}`.padEnd(36, "0");
const alive = (told: readonly Told[]) => told.filter(({ said }) => !said.dead);
const dead = (told: readonly Told[]) => told.filter(({ said }) => said.dead);

Deno.test("on the wire: a node says who it is, its list, whom it hears, and from 1 on its count", () => {
  const node = new Driven();
  node.hear("b");
  node.to(500);
  const { voters, quorum } = node.options;
  for (const [index, { said }] of node.told.entries()) {
    const { seq, node: own, config, binds, support, was } = said;
    assertEquals([seq, own, config], [index + 1, "self:2000", configMark(voters, quorum)]);
    assertEquals([binds, support, was], [0, undefined, undefined]);
  }
  assertEquals([node.told[0].said.hears, node.newest.said.hears], [4n, 6n]);
});

Deno.test("on the wire: a support says how long it binds", () => {
  const node = new Driven();
  node.to(3_100);
  assertEquals([node.newest.said.support, node.newest.said.binds], [undefined, 0]);
  const a = { valor: 40, uuid: "a".repeat(36) };
  const vote = { lordValor: a.valor, lordUuid: a.uuid };
  node.hear("a", { ...a, ...vote, support: { uuid: a.uuid, seq: 1 }, lord: 1 });
  node.to(3_200);
  assertEquals(node.newest.said.support, { uuid: "a".repeat(36), seq: 1 });
  assertEquals(node.newest.said.binds, 3_000);
});

Deno.test("on the wire: a node with legion-lease = off sends none of the pairs", () => {
  const node = new Driven({ lease: "off", quorum: 0 });
  node.to(1_000);
  node.slow.add("lord");
  node.tell({ kind: "drained", why: "drained" });
  node.to(1_100);
  node.tell();
  node.to(3_000);
  node.stop();
  node.to(9_000);
  assert(dead(node.told).length > 3);
  for (const { said } of node.told) {
    const { seq, support, claim, binds, node: own, was, config, hears } = said;
    assertEquals([seq, support, claim, binds, own, was, config, hears], [
      0,
      undefined,
      false,
      0,
      "",
      undefined,
      "",
      undefined,
    ]);
  }
});

Deno.test("on the wire: where no nodes are listed none is named, and no list", () => {
  const node = new Driven({ voters: [], node: undefined, quorum: 0 });
  node.to(1_000);
  const { seq, node: own, config, hears, support, binds } = node.newest.said;
  assertEquals([own, config, hears, support, binds], ["", "", undefined, undefined, 0]);
  assert(seq > 0);
});

Deno.test("on the wire: the uuid before this one is said from then on", () => {
  const node = new Driven();
  node.to(1_500);
  node.tell({ kind: "unfit", why: "check web" });
  node.to(3_000);
  node.tell();
  node.to(9_000);
  const was = (n: number) =>
    new Set(
      alive(node.told).filter(({ said }) => said.uuid === uuid(n)).map(({ said }) => said.was),
    );
  assertEquals([was(1), was(2), was(3)], [
    new Set([undefined]),
    new Set([uuid(1)]),
    new Set([uuid(2)]),
  ]);
  // A farewell says nothing of the past.
  assertEquals(dead(node.told).every(({ said }) => said.was === undefined), true);
});

Deno.test("rule 11: the new uuid comes in before the old one leaves, three times", () => {
  const node = new Driven();
  node.to(1_500);
  const before = node.told.length;
  node.tell({ kind: "unfit", why: "check web" });
  node.to(3_000);
  const since = node.told.slice(before);
  assertEquals([since[0].said.uuid, since[0].said.valor, since[0].said.dead], [uuid(2), 0, false]);
  assertEquals(
    dead(since).map(({ said }) => [said.uuid, said.valor]),
    [1, 2, 3].map(() => [uuid(1), 30]),
  );
  // Farewells do not wait for the period.
  assert(dead(since).every(({ atMs }) => atMs <= 1_600));
});

Deno.test("rule 11: of several pasts each says farewell three times, as uWSGI has it", () => {
  const node = new Driven();
  node.to(1_500);
  for (let n = 1; n <= 5; n++) {
    node.tell(...n % 2 === 1 ? [{ kind: "unfit", why: "check web" } as const] : []);
    node.to(1_500 + n);
  }
  node.to(3_000);
  // Nodes of ours go by `was`: a farewell without a seq tells them nothing.
  const ofOurs = dead(node.told).filter(({ said: { seq, node, config, binds, support, hears } }) =>
    seq > 0 || node !== "" || config !== "" || binds > 0 || support !== undefined ||
    hears !== undefined
  );
  assertEquals(ofOurs, []);
  const seqs = alive(node.told).map(({ said }) => said.seq);
  assertEquals(seqs, seqs.map((_, index) => index + 1));
  const farewells = (n: number) =>
    dead(node.told).filter(({ said }) => said.uuid === uuid(n)).length;
  assertEquals([1, 2, 3, 4, 5, 6].map(farewells), [3, 3, 3, 3, 3, 0]);
  assertEquals(node.legion.view().uuid, uuid(6));
});

Deno.test("rule 11: however often a node changes, its farewells are bounded", () => {
  const node = new Driven();
  node.to(1_500);
  for (let n = 1; n <= 100; n++) {
    node.tell(...n % 2 ? [{ kind: "unfit", why: "web" } as const] : []);
  }
  const before = node.told.length;
  node.to(3_000);
  assert(node.told.length - before < 40, `${node.told.length - before}`);
});

Deno.test("at a stop the node itself says farewell, and its pasts no more", () => {
  const node = new Driven();
  node.to(1_500);
  node.tell({ kind: "unfit", why: "check web" });
  node.to(1_500);
  node.stop();
  const before = node.told.length;
  node.to(3_000);
  assertEquals(
    node.told.slice(before).every(({ said }) => said.uuid === uuid(2) && said.dead),
    true,
  );
  assertEquals(dead(node.told).filter(({ said }) => said.uuid === uuid(2)).length, 3);
});

/** The times between the announcements of a node that is told nothing new, the longest. */
function longestPauseMs(node: Driven, untilMs: number): number {
  let longestMs = 0;
  let lastMs = node.newest.atMs;
  const before = node.told.length;
  for (let ms = node.nowMs; ms < untilMs; ms += 50) {
    node.to(ms);
  }
  for (const { atMs } of alive(node.told.slice(before))) {
    longestMs = Math.max(longestMs, atMs - lastMs);
    lastMs = atMs;
  }
  return longestMs;
}

Deno.test("rule 5: a lord announces at least every third of the shortest binds", () => {
  const node = new Driven();
  node.becomeLord();
  assertEquals(node.legion.view().lordship, "lord");
  const support = { ...node.vote, support: node.echo };
  node.hear("a", { ...support, binds: 1_200 });
  node.hear("b", { ...support, binds: 15_000 });
  // Its lease is that of b.
  assertEquals(longestPauseMs(node, 5_900), 400);
  assertEquals(node.legion.view().lordship, "lord");
});

Deno.test("rule 5: a claimant does so too, and one that is neither keeps its period", () => {
  const node = new Driven();
  node.slow.add("lord");
  node.becomeLord();
  assertEquals([node.legion.view().lordship, node.newest.said.claim], ["taking over", true]);
  assertEquals(node.newest.said.lord, 0);
  node.hear("a", { ...node.vote, support: node.echo, binds: 900 });
  node.hear("b", { ...node.vote, support: node.echo });
  assertEquals(longestPauseMs(node, 5_500), 300);

  const other = new Driven();
  other.hear("a", { binds: 900 });
  other.to(1_100);
  assertEquals(longestPauseMs(other, 3_000), 1_000);
});

Deno.test("rule 2: announcements also go to members that are heard and not listed", () => {
  const node = new Driven();
  node.hear("a");
  node.to(100);
  assertEquals(node.newest.also, []);
  node.hear("x");
  node.to(1_200);
  assertEquals(node.newest.also, [addressOf("x")]);
  // A farewell as well.
  node.stop();
  assertEquals([node.told.at(-1)?.said.dead, node.told.at(-1)?.also], [true, [addressOf("x")]]);
});
