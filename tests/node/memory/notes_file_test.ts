import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { shifted } from "../../../lib/legion/notes.ts";
import { formatNotes, OtherBoot, parseNotes } from "../../../lib/node/memory/_notes_file.ts";
import { bare, boot, notes } from "./notes.ts";

const nothing = { checks: [] };
const text = fc.string({ unit: "binary", maxLength: 20 });
const uuid = fc.string({ unit: fc.nat(0xff).map((byte) => String.fromCharCode(byte)) })
  .map((start) => start.padEnd(36, "x").slice(0, 36));
const time = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const wallTime = fc.nat();
const orNever = (times: typeof time) => fc.oneof(times, fc.constant(Infinity));
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const anyNotes = fc.record({
  name: text,
  node: optional(text),
  configuredValor: fc.nat(),
  valor: fc.nat(),
  uuid,
  was: optional(uuid),
  seq: fc.maxSafeNat(),
  support: optional(
    fc.record({ uuid, seq: fc.maxSafeNat(), binds: fc.nat(), untilMs: orNever(time) }),
  ),
  lordship: fc.constantFrom("none" as const, "taking over" as const, "lord" as const),
  voters: fc.array(text),
  quorum: fc.nat(),
  configs: fc.array(
    fc.record({
      node: text,
      name: text,
      config: text,
      sinceMs: time,
      bindsMs: fc.nat(),
      valor: optional(fc.nat()),
    }),
  ),
  doubles: fc.array(
    fc.record({ node: text, names: fc.array(text), uuids: fc.array(uuid) }),
  ),
  lostMs: fc.array(time),
  hookFailedUntilMs: optional(time),
  spares: optional(
    fc.record({
      untilMs: orNever(time),
      why: fc.constantFrom("hook failed" as const, "crashed" as const),
    }),
  ),
  end: fc.constantFrom(undefined, "restart" as const, "leave" as const),
});

const anyService = fc.record({
  checks: fc.array(fc.record({
    name: text,
    kind: fc.constantFrom("cmd" as const, "http" as const, "tcp" as const),
    state: fc.constantFrom("passing" as const, "failing" as const),
    sinceWallMs: wallTime,
    output: text,
  })),
  drain: optional(fc.record({
    by: text,
    sinceWallMs: wallTime,
    untilWallMs: orNever(wallTime),
    untilMs: optional(time),
  })),
  refused: optional(
    fc.array(fc.record({ provider: text, ips: fc.array(text), failedWallMs: wallTime })),
  ),
});

Deno.test("notes: read at the moment of writing, they are the same, whatever they hold", () => {
  fc.assert(fc.property(anyNotes, anyService, time, (notes, service, nowMs) => {
    const written = formatNotes({ notes, service }, boot(), () => nowMs);
    // Halves of surrogate pairs cannot be written as UTF-8.
    const stored = new TextDecoder().decode(new TextEncoder().encode(written));
    assertEquals(bare(parseNotes(stored, boot(), () => nowMs)), bare({ notes, service }));
  }));
});

Deno.test("notes: no time is early by the next process, none is more than 2 s late, and no promise binds longer than at the writing", () => {
  const seconds = fc.double({ min: 0, max: 1e6, noNaN: true, noDefaultInfinity: true });
  const few = fc.double({ min: 0, max: 3, noNaN: true });
  const short = fc.double({ min: 0, max: 0.01, noNaN: true });
  fc.assert(
    fc.property(seconds, few, few, few, short, (writing, gap, begunAgo, left, reading) => {
      // The true time since boot, in seconds; each look at a clock takes a while.
      let now = writing;
      const look = (read: () => number) => () => {
        const told = read();
        now += reading;
        return told;
      };
      const machine = boot({ uptimeSeconds: look(() => Math.ceil(now)) });
      const firstBegan = writing - begunAgo;
      const until = writing + left;
      const promise = { ...notes().support!, untilMs: (until - firstBegan) * 1000 };
      const noted = { notes: notes({ support: promise }), service: nothing };
      const written = formatNotes(noted, machine, look(() => (now - firstBegan) * 1000));
      const secondBegan = now += gap;
      const { notes: { support } } = parseNotes(
        written,
        machine,
        look(() => (now - secondBegan) * 1000),
      );
      const readUntil = secondBegan + support!.untilMs / 1000;
      const lateSeconds = readUntil - until;
      assert(lateSeconds > -1e-6, `${lateSeconds} s too early`);
      assert(lateSeconds < 2 + 4 * reading + 1e-6, `${lateSeconds} s late`);
      assert(readUntil - now <= left + 1e-6, "it binds longer than at the writing");
    }),
    { numRuns: 2000 },
  );
});

Deno.test("notes: of another boot, of a later time, or where the boot is not known, they cannot be used", () => {
  const written = formatNotes({ notes: notes(), service: nothing }, boot(), () => 0);
  const read = (changed: Parameters<typeof boot>[0]) => () =>
    parseNotes(written, boot(changed), () => 0);
  assertThrows(read({ id: "boot-2" }), OtherBoot);
  assertThrows(read({ id: undefined }), Error, "the id of this boot cannot be read");
  assertThrows(read({ uptimeSeconds: () => 99 }), Error, "it was written later than now");
});

/** Each part of a value of JSON in turn, replaced by something else. */
function* damaged(value: unknown): Generator<unknown> {
  for (const other of [null, true, -1, 1.5, 1e300, "", "x", [], [1], {}]) yield other;
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    const copy = () => structuredClone(value) as Record<string, unknown>;
    for (const other of damaged(part)) {
      const changed = copy();
      changed[key] = other;
      yield Array.isArray(value) ? Object.values(changed) : changed;
    }
    if (Array.isArray(value)) continue;
    const without = copy();
    delete without[key];
    yield without;
  }
}

Deno.test("notes: each cut and each part of another form is refused, or read as notes again", () => {
  const full = notes({ spares: { untilMs: Infinity, why: "crashed" }, lostMs: [1], end: "leave" });
  const service = {
    checks: [
      { name: "web", kind: "tcp", state: "passing", sinceWallMs: 1, output: "open" } as const,
    ],
    drain: { by: "eve", sinceWallMs: 1, untilWallMs: Infinity, untilMs: undefined },
  };
  const written = formatNotes({ notes: full, service }, boot(), () => 0);
  const read = (source: string) => parseNotes(source, boot(), () => 0);
  for (let length = 0; length < written.length; length++) {
    assertThrows(() => read(written.slice(0, length)), Error, length === 0 ? "empty" : "torn");
  }
  let refused = 0;
  for (const other of damaged(JSON.parse(written))) {
    try {
      const noted = read(JSON.stringify(other));
      // A value that was taken is of the right form.
      assertEquals(bare(read(formatNotes(noted, boot(), () => 0))), bare(noted));
    } catch (error) {
      assert(error instanceof Error && /^(it |\w+: )/.test(error.message), `${error}`);
      refused++;
    }
  }
  assert(refused > 300, `${refused}`);
});

Deno.test("notes: numbers that JSON reads as Infinity are refused", () => {
  const written = formatNotes(
    { notes: shifted(notes({ lostMs: [7] }), 0), service: nothing },
    boot(),
    () => 0,
  );
  const source = written.replace('"lostMs":[7]', '"lostMs":[1e999]');
  assertThrows(() => parseNotes(source, boot(), () => 0), Error, "it is no number");
});
