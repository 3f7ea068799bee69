import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { escapeKeyval, parseKeyval } from "../../lib/base/keyval.ts";

const cases: [what: string, text: string, pairs: Record<string, string>][] = [
  ["pairs are separated by commas", "a=1,b=2", { a: "1", b: "2" }],
  ["the value is all after the first =", "a=b=c", { a: "b=c" }],
  ["nothing is stripped", " a = 1 ", { " a ": " 1 " }],
  ["an escaped comma is part of the value", "password=a\\,b,ip=1", { password: "a,b", ip: "1" }],
  ["an escaped backslash is one", "a=\\\\,b=2", { a: "\\", b: "2" }],
  ["any escaped character is itself", "a=\\x\\=", { a: "x=" }],
  ["a backslash at the end is itself", "a=1\\", { a: "1\\" }],
  ["the last of a repeated key counts", "a=1,a=2", { a: "2" }],
  ["empty items are passed over", ",a=1,,", { a: "1" }],
  ["a value may be empty", "a=", { a: "" }],
  ["nothing at all", "", {}],
];
for (const [what, text, expected] of cases) {
  Deno.test(what, () => assertEquals(Object.fromEntries(parseKeyval(text)), expected));
}

Deno.test("an item without = is refused by its number, and is not shown", () => {
  const error = assertThrows(() => parseKeyval("a=1,SECRET"), SyntaxError, 'item 2 has no "="');
  assertEquals(error.message.includes("SECRET"), false);
});

Deno.test("any pairs come back as they went", () => {
  const key = fc.string({ minLength: 1 }).filter((text) => !text.includes("="));
  fc.assert(fc.property(fc.dictionary(key, fc.string(), { noNullPrototype: true }), (pairs) => {
    const text = Object.entries(pairs)
      .map(([key, value]) => `${escapeKeyval(key)}=${escapeKeyval(value)}`).join(",");
    assertEquals(parseKeyval(text), new Map(Object.entries(pairs)));
  }));
});
