// LEASE.md, rule 12: whatever is remembered, a node can begin with it.
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Notes, shifted } from "../../lib/legion/notes.ts";
import { Driven } from "./driven.ts";
import { legionOptions } from "./legion_options.ts";
import { noted } from "./noted.ts";

const { voters } = legionOptions({});
const own = noted({}).uuid;
const uuids = [own, "a".repeat(36), "x".repeat(36)];
const time = fc.oneof(fc.integer({ min: -100_000, max: 100_000 }), fc.constant(Infinity));

const notes: fc.Arbitrary<Notes> = fc.record({
  name: fc.constantFrom("self", "renamed"),
  node: fc.option(fc.constantFrom(...voters), { nil: undefined }),
  configuredValor: fc.constantFrom(30, 20),
  valor: fc.constantFrom(30, 0),
  uuid: fc.constantFrom(own, "o".repeat(36)),
  was: fc.option(fc.constant("w".repeat(36)), { nil: undefined }),
  seq: fc.nat(),
  support: fc.option(
    fc.record({
      uuid: fc.constantFrom(...uuids),
      seq: fc.nat(),
      binds: fc.nat(86_400_000),
      untilMs: time,
    }),
    { nil: undefined },
  ),
  lordship: fc.constantFrom("none", "taking over", "lord", "releasing"),
  voters: fc.constantFrom(voters, [], ["z:2000"]),
  quorum: fc.nat(3),
  configs: fc.array(
    fc.record({
      node: fc.constantFrom(...voters),
      name: fc.constantFrom("a", "b"),
      config: fc.constantFrom("", "00000000"),
      sinceMs: time,
      bindsMs: fc.nat(86_400_000),
      valor: fc.option(fc.nat(), { nil: undefined }),
    }),
  ),
  doubles: fc.array(
    fc.record({
      node: fc.constantFrom(...voters),
      names: fc.constant(["a", "b"]),
      uuids: fc.constant(uuids),
    }),
  ),
  lostMs: fc.array(time),
  hookFailedUntilMs: fc.option(time, { nil: undefined }),
  spares: fc.option(
    fc.record({ untilMs: time, why: fc.constantFrom("crashed", "hook failed") }),
    { nil: undefined },
  ),
  end: fc.constantFrom(undefined, "restart", "leave"),
});

Deno.test("a node begins with any notes, and neither throws nor keeps itself busy", () => {
  fc.assert(
    fc.property(notes, fc.nat(3), (found, quorum) => {
      const driven = new Driven({ quorum }, { kind: "noted", notes: found });
      for (let atMs = 500; atMs <= 10_000; atMs += 500) {
        driven.to(atMs);
        for (const name of ["a", "b"]) driven.hear(name);
        if (quorum > 1) assert(!driven.hooks.includes("lord"), "nobody has supported it");
      }
      driven.stop();
    }),
    { numRuns: 300 },
  );
});

Deno.test("a promise to another holds for all that it hears of others", () => {
  const x = "x".repeat(36);
  fc.assert(
    fc.property(notes, fc.integer({ min: 1, max: 20_000 }), (found, binds) => {
      const support = { uuid: x, seq: 5, binds, untilMs: binds };
      const past = { kind: "noted", notes: { ...found, uuid: own, support } } as const;
      const driven = new Driven({ node: "self:2000" }, past);
      for (let atMs = 250; atMs < binds; atMs += 250) {
        driven.to(atMs);
        driven.hear("a", { valor: 40, lord: 1, support: { uuid: "a".repeat(36), seq: 1 } });
        for (const { said: { support } } of driven.told) {
          assert(support === undefined || support.uuid === x);
        }
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("shifted: there and back, notes are the same", () => {
  fc.assert(fc.property(notes, fc.integer({ min: -1e9, max: 1e9 }), (found, byMs) => {
    assertEquals(shifted(shifted(found, byMs), -byMs), found);
  }));
});
