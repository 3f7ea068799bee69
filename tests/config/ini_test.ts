import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseIni } from "../../lib/config/ini.ts";

const pairs = (text: string) => parseIni(text, "f").map(({ key, value }) => [key, value]);

Deno.test("lines come in their order, keys repeat, and each knows its section and line", () => {
  const text = "[uwsgi]\nlegion-node = a\n\n[other]\nlegion-node = b\nlegion-node = c\n";
  assertEquals(parseIni(text, "some.ini"), [
    { section: "uwsgi", key: "legion-node", value: "a", file: "some.ini", line: 2 },
    { section: "other", key: "legion-node", value: "b", file: "some.ini", line: 5 },
    { section: "other", key: "legion-node", value: "c", file: "some.ini", line: 6 },
  ]);
});

const cases: [what: string, text: string, pairs: string[][]][] = [
  ["split at the first =, both sides stripped", " a \t=  b = c \n", [["a", "b = c"]]],
  ["no space is needed", "a=b=c", [["a", "b=c"]]],
  ["; and # may stand in a value", "password = a;b#c ; d", [["password", "a;b#c ; d"]]],
  ["; and # begin a comment at the start of a line", ";a = 1\n#b = 2\n  ; c = 3\nd = 4", [[
    "d",
    "4",
  ]]],
  ["quotes stand for themselves", 'a = "b"', [["a", '"b"']]],
  ["numbers are text", "a = 007", [["a", "007"]]],
  ["CRLF", "a = 1\r\nb = 2\r\n", [["a", "1"], ["b", "2"]]],
  ["no end of line at the end", "a = 1", [["a", "1"]]],
  ["a byte order mark", "\ufeffa = 1", [["a", "1"]]],
  ["a line without = has an empty value", "stats-http\nempty =", [["stats-http", ""], [
    "empty",
    "",
  ]]],
  ["an = at the beginning is behind a key of nothing", "= a", [["", "a"]]],
  ["nothing at all", "", []],
];
for (const [what, text, expected] of cases) {
  Deno.test(what, () => assertEquals(pairs(text), expected));
}

Deno.test("any options come back as they went", () => {
  const key = fc.stringMatching(/^[a-z][a-z-]{0,20}$/);
  const value = fc.string().filter((text) => text === text.trim() && !/[\r\n]/.test(text));
  fc.assert(fc.property(fc.array(fc.tuple(key, value)), (options) => {
    const text = options.map(([key, value]) => `${key} = ${value}\n`).join("");
    assertEquals(pairs(text), options);
  }));
});

Deno.test("any text is read", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const count = text.split(/\r?\n/).length;
    assertEquals(parseIni(text, "f").every(({ line }) => line >= 1 && line <= count), true);
  }));
});
