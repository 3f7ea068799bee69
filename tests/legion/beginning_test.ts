// LEASE.md, rule 12: the rows of the table for a start.
import { assertEquals } from "@std/assert";
import { type Beginning, beginningOf } from "../../lib/legion/beginning.ts";
import type { Notes, Past } from "../../lib/legion/notes.ts";
import type { LegionOptions } from "../../lib/legion/options.ts";
import { legionOptions } from "./legion_options.ts";
import { noted } from "./noted.ts";

const other = "o".repeat(36);
const support = { uuid: other, seq: 7, binds: 3_000, untilMs: 2_000 };
const fresh = "fresh".padEnd(36, "0");

/** Begins at 1 s with notes of before. */
function begun(changed: Partial<Notes>, options: Partial<LegionOptions> = {}): Beginning {
  return begunBy({ kind: "noted", notes: noted({ support, ...changed }) }, options);
}

function begunBy(past: Past, options: Partial<LegionOptions> = {}): Beginning {
  const all = legionOptions(options);
  const { name, valor } = all;
  return beginningOf(past, all, { name, valor, uuid: fresh }, 1_000);
}

Deno.test("the same identity, no leave taken: it goes on as the same node", () => {
  const was = "w".repeat(36);
  const { self, isResumed, isCrashed, former, promise, ...rest } = begun({ was });
  assertEquals([self.uuid, isResumed, isCrashed], [noted({}).uuid, true, true]);
  assertEquals([rest.was, former, rest.forgotten], [was, undefined, undefined]);
  assertEquals(promise?.untilMs, 4_000, "the promise holds as if renewed just now");
  assertEquals(begun({ end: "restart" }).isCrashed, false);
});

Deno.test("a node that stood back goes on as the arbiter that it was", () => {
  const { valor } = legionOptions({});
  assertEquals([begun({}).self.valor, begun({ valor: 0 }).self.valor], [valor, 0]);
});

Deno.test("leave taken: another uuid, and the promise holds until its noted end", () => {
  const { self, isResumed, isCrashed, was, former, promise } = begun({ end: "leave" });
  assertEquals([self.uuid, isResumed, isCrashed], [fresh, false, false]);
  assertEquals([was, former], [noted({}).uuid, undefined]);
  assertEquals(promise, support);
  const past = begun({ end: "leave", support: { ...support, untilMs: 1_000 } });
  assertEquals([past.promise, past.forgotten], [undefined, undefined]);
});

Deno.test("another identity: it takes leave of the old one, and its promise holds as if renewed", () => {
  const changes: Partial<LegionOptions>[] = [
    { valor: 99 },
    { name: "renamed" },
    { node: undefined },
    { node: "9.9.9.9:2000" },
  ];
  for (const change of changes) {
    const { self, isResumed, was, former, promise } = begun({}, change);
    assertEquals([self.uuid, isResumed, was], [fresh, false, noted({}).uuid]);
    assertEquals([former?.uuid, promise?.untilMs], [noted({}).uuid, 4_000]);
  }
});

Deno.test("where no nodes are listed, none has an own entry", () => {
  const group = { voters: [], node: undefined };
  assertEquals(begun(group, group).isResumed, true);
});

Deno.test("a node that supported itself has no promise to keep to another", () => {
  const itself = { ...support, uuid: noted({}).uuid };
  assertEquals(begun({ support: itself }).promise, undefined);
  assertEquals(begun({ support: itself, end: "leave" }).promise, undefined);
});

Deno.test("no notes: it listens, for as long as its longest promise may bind", () => {
  const past = { kind: "forgotten", bindsMs: 15_000, quietMs: 4_000, crashed: true } as const;
  const { self, isCrashed, forgotten } = begunBy(past);
  assertEquals([self.uuid, isCrashed], [fresh, true]);
  assertEquals(forgotten, { bindsMs: 15_000, quietMs: 4_000 });
});
