import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { printable, printableAll, printableLines } from "../../lib/base/printable.ts";
import { harmIn, hostileText } from "../lab/hostile_text.ts";

Deno.test("printable: each harmful character is an escape, the rest is as it was", () => {
  for (let unit = 0; unit <= 0xffff; unit++) {
    const text = `a${String.fromCharCode(unit)}b`;
    const escaped = `a\\u${unit.toString(16).padStart(4, "0")}b`;
    assertEquals(printable(text), harmIn(text).length > 0 ? escaped : text);
  }
  assertEquals(printable("web-1 é 日本 👩‍🔧 \\u001b"), "web-1 é 日本 👩‍🔧 \\u001b");
});

Deno.test("printable: whatever comes in, nothing harmful goes out, and it is one line", () => {
  fc.assert(fc.property(hostileText, (text) => {
    const shown = printable(text);
    assertEquals(harmIn(shown), []);
    assertEquals(printable(shown), shown);
    if (harmIn(text).length === 0) assertEquals(shown, text);
  }));
});

Deno.test("printable: JSON stays the same JSON, with indentation too", () => {
  const value = fc.dictionary(hostileText, fc.oneof(hostileText, fc.array(hostileText)));
  fc.assert(fc.property(value, (value) => {
    for (const indent of [0, 1]) {
      const text = printableLines(JSON.stringify(value, undefined, indent));
      assertEquals(JSON.parse(text), value);
      assertEquals(harmIn(text.replaceAll("\n", "")), []);
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
