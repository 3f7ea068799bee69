import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { printable, printableAll, printableLines } from "../../lib/base/printable.ts";

/** Whether a UTF-16 unit may reach a terminal; written out, since the program goes by properties. */
function isHarmful(unit: number): boolean {
  return unit < 0x20 || (unit >= 0x7f && unit <= 0x9f) || unit === 0x61c || unit === 0x200e ||
    unit === 0x200f || unit === 0x2028 || unit === 0x2029 || (unit >= 0x202a && unit <= 0x202e) ||
    (unit >= 0x2066 && unit <= 0x2069);
}

/** Text in which the harmful is as frequent as the rest. */
const hostile = fc.array(fc.oneof(
  fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
  fc.integer({ min: 0, max: 0xa0 }).map((unit) => String.fromCharCode(unit)),
  fc.integer({ min: 0x2000, max: 0x2070 }).map((unit) => String.fromCharCode(unit)),
  fc.string({ unit: "grapheme" }),
)).map((parts) => parts.join(""));

const units = (text: string) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));

Deno.test("printable: each harmful character is an escape, the rest is as it was", () => {
  for (let unit = 0; unit <= 0xffff; unit++) {
    const text = `a${String.fromCharCode(unit)}b`;
    const isHalf = unit >= 0xd800 && unit <= 0xdfff;
    const expected = isHarmful(unit) || isHalf
      ? `a\\u${unit.toString(16).padStart(4, "0")}b`
      : text;
    assertEquals(printable(text), expected);
  }
  assertEquals(printable("web-1 é 日本 👩‍🔧 \\u001b"), "web-1 é 日本 👩‍🔧 \\u001b");
});

Deno.test("printable: whatever comes in, nothing harmful goes out, and it is one line", () => {
  fc.assert(fc.property(hostile, (text) => {
    const shown = printable(text);
    assert(!units(shown).some(isHarmful) && shown.isWellFormed(), JSON.stringify(shown));
    assertEquals(printable(shown), shown);
    if (!units(text).some(isHarmful) && text.isWellFormed()) assertEquals(shown, text);
  }));
});

Deno.test("printable: JSON stays the same JSON, with indentation too", () => {
  fc.assert(fc.property(fc.dictionary(hostile, fc.oneof(hostile, fc.array(hostile))), (value) => {
    for (const indent of [0, 1]) {
      const text = printableLines(JSON.stringify(value, undefined, indent));
      assertEquals(JSON.parse(text), value);
      assert(!units(text.replaceAll("\n", "")).some(isHarmful));
    }
  }));
});

Deno.test("printableLines: line breaks stay", () => {
  assertEquals(printableLines("a\u001b\n\r\nb\n"), "a\\u001b\n\\u000d\nb\n");
});

Deno.test("printableAll: texts in lists and objects, and nothing else", () => {
  const value = { a: "\u001b", b: [1, "\n", null, true], "\u009b": { c: "ok" } };
  assertEquals(printableAll(value), {
    a: "\\u001b",
    b: [1, "\\u000a", null, true],
    "\u009b": { c: "ok" },
  });
});
