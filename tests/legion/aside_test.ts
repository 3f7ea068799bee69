import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { standBackKinds } from "../../lib/base/stand_back_kind.ts";
import { type Aside, asidePairs, readAside } from "../../lib/legion/aside.ts";
import { anyAside } from "./aside.ts";

const bytesOf = (value: string | Uint8Array) =>
  typeof value === "string" ? new TextEncoder().encode(value) : value;

function read(pairs: Record<string, string | Uint8Array>): Aside | undefined {
  return readAside(new Map(Object.entries(pairs).map(([key, value]) => [key, bytesOf(value)])));
}

Deno.test("asidePairs, readAside: any aside comes back as it went", () => {
  fc.assert(fc.property(anyAside, (aside) => {
    assertEquals(read(Object.fromEntries(asidePairs(aside))), aside);
  }));
});

Deno.test("an aside is three pairs, each only when there is something to tell", () => {
  const sight = { ip: "4.4.4.4", where: "1.1.1.1", ageSeconds: 9 };
  const written: [aside: Aside, pairs: Record<string, string>][] = [
    [{ version: "1.2.3", back: ["unfit", "drained"], sight }, {
      version: "1.2.3",
      back: "unfit,drained",
      sight: "4.4.4.4 1.1.1.1 9",
    }],
    [{ version: "", back: [], sight: { ...sight, where: null } }, { sight: "4.4.4.4 - 9" }],
    [{ version: "", back: [] }, {}],
  ];
  for (const [aside, pairs] of written) assertEquals(Object.fromEntries(asidePairs(aside)), pairs);
});

Deno.test("asidePairs: a value that nobody could read is left out, an age kept in bounds", () => {
  const of = (version: string, ip: string, where: string | null, ageSeconds: number) =>
    Object.fromEntries(asidePairs({ version, back: [], sight: { ip, where, ageSeconds } }));
  assertEquals(of("1 2", "4.4.4.4", "two words", 0), {});
  assertEquals(of("", "two words", "1.1.1.1", 0), {});
  assertEquals(of("", "web-ip", "42", 0), { sight: "web-ip 42 0" });
  assertEquals(of("", "::1", null, -7.4), { sight: "::1 - 0" });
  assertEquals(of("", "::1", "x", 1e12), { sight: "::1 x 999999999" });
});

const wrong: [key: string, value: string | Uint8Array][] = [
  ["version", ""],
  ["version", "1".repeat(33)],
  ["version", "1.2\u001b[2J"],
  ["version", "1.2.3 ü"],
  ["version", Uint8Array.of(0xff, 0xfe)],
  ["back", ""],
  ["back", "tired"],
  ["back", "drained,".repeat(1_000)],
  ["sight", ""],
  ["sight", "4.4.4.4"],
  ["sight", "4.4.4.4 1.1.1.1"],
  ["sight", "4.4.4.4 1.1.1.1 -1"],
  ["sight", "4.4.4.4 1.1.1.1 1e9"],
  ["sight", "4.4.4.4 1.1.1.1 1234567890"],
  ["sight", "4.4.4.4 1.1.1.1 9 9"],
  ["sight", "4.4.4.4  9"],
  ["sight", `${"4".repeat(65)} 1.1.1.1 9`],
  ["sight", "4.4\u202e4.4 1.1.1.1 9"],
  ["sight", `4.4.4.4 ${"1".repeat(65)} 9`],
  ["sight", "4.4.4.4 1.1\u202e1.1 9"],
];
for (const [key, value] of wrong) {
  Deno.test(`a wrong ${key} is as if absent: ${JSON.stringify(value).slice(0, 40)}`, () => {
    assertEquals(read({ [key]: value }), undefined);
    const rest: Record<string, string> = { version: "7", back: "unfit", sight: "4.4.4.4 - 9" };
    const { [key]: _, ...others } = rest;
    assertEquals(read({ ...rest, [key]: value }), read(others));
  });
}

Deno.test("readAside: unknown kinds are dropped, and each is told once", () => {
  assertEquals(read({ back: "tired,unfit,unfit,drained," })?.back, ["unfit", "drained"]);
});

Deno.test("bad input: an aside is within bounds, whatever stands in its pairs", () => {
  const any = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ unit: "binary", maxLength: 100 }),
    fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.integer().map(String)))
      .map((words) => words.join(" ")),
    fc.array(fc.oneof(fc.constantFrom<string>(...standBackKinds), fc.string()))
      .map((kinds) => kinds.join(",")),
  );
  fc.assert(
    fc.property(fc.record({ version: any, back: any, sight: any }), (pairs) => {
      const aside = read(pairs);
      if (aside === undefined) return;
      const { version, back, sight } = aside;
      assert(/^[!-~]{0,32}$/.test(version), version);
      assert(back.length <= standBackKinds.length && new Set(back).size === back.length);
      assert(back.every((kind) => standBackKinds.includes(kind)), back.join());
      assert(sight === undefined || /^[!-~]{1,64}$/.test(sight.where ?? "-"), sight?.where ?? "");
      assert(sight === undefined || /^[!-~]{1,64}$/.test(sight.ip), sight?.ip);
      assert(sight === undefined || (sight.ageSeconds >= 0 && sight.ageSeconds < 1e9));
    }),
    { numRuns: 3_000 },
  );
});
