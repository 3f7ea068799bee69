// LEASE.md, rule 12: what a node notes, and when.
import { assert, assertEquals } from "@std/assert";
import { Driven } from "./driven.ts";

const a = "a".repeat(36);

/** A node of valor 10 beside the lord A, of valor 30, and B. */
class BesideA extends Driven {
  constructor() {
    super({ valor: 10 });
    this.pass(6_000);
  }

  /** Lets time pass; A and B are heard twice a second. */
  pass(ms: number): void {
    for (const untilMs = this.nowMs + ms; this.nowMs < untilMs;) {
      this.to(this.nowMs + 500);
      const vote = { support: { uuid: a, seq: 1 }, lordUuid: a, lordValor: 30 };
      this.hear("a", { ...vote, valor: 30, lord: 1 });
      this.hear("b", { ...vote, valor: 20 });
    }
  }
}

Deno.test("a node that still listens takes no notes; the first comes once it may support", () => {
  const driven = new Driven();
  driven.to(3_149);
  assertEquals(driven.notes, []);
  driven.to(3_151);
  const [first] = driven.notes;
  assertEquals([first?.name, first?.lordship, first?.end], ["self", "none", undefined]);
});

Deno.test("notes come before the announcement that says the same", () => {
  const { course } = new BesideA();
  const noted = course.findIndex((each) => "notes" in each && each.notes?.support?.uuid === a);
  const said = course.findIndex((each) => "seq" in each && each.support?.uuid === a);
  assert(noted >= 0 && said >= 0);
  assert(said > noted);
});

Deno.test("no announcement has a seq above the noted one", () => {
  const { course } = new BesideA();
  let noted = Infinity;
  for (const each of course) {
    if ("notes" in each) noted = each.notes!.seq;
    else assert(each.seq <= noted);
  }
});

Deno.test("renewals are not noted", () => {
  const driven = new BesideA();
  const before = driven.notes.length;
  driven.pass(30_000);
  assertEquals(driven.notes.length, before);
});

Deno.test("the lists heard are noted too, and the end of the process", () => {
  const driven = new BesideA();
  const last = () => driven.notes.at(-1)!;
  assertEquals(last().configs.map(({ node }) => node), ["a:2000", "b:2000"]);
  driven.halt();
  assertEquals([last().end, last().support?.uuid], ["restart", a]);
});

Deno.test("a leave is noted before the first farewell, with the end of the promise", () => {
  const driven = new BesideA();
  driven.stop();
  const { end, support } = driven.notes.at(-1)!;
  assertEquals([end, support?.uuid, support?.untilMs], ["leave", a, 9_000]);
  const after = driven.course.slice(driven.course.findLastIndex((each) => "notes" in each));
  assert(after.some((each) => "seq" in each && each.dead));
});

Deno.test("a quorum raised from one makes it listen, and so forget: the next one listens too", () => {
  const driven = new Driven({ quorum: 1 });
  driven.to(100);
  assertEquals(driven.notes.at(-1)?.quorum, 1);
  driven.reconfigure({ quorum: 2 });
  assertEquals(driven.notes.at(-1), null);
});
