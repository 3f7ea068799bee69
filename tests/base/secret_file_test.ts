import { assertEquals, assertThrows } from "@std/assert";
import { readSecret } from "../../lib/base/secret_file.ts";

const secretIn = (text: string, warn?: (what: string) => void) =>
  readSecret("/secret", { readFile: () => text, warn });

Deno.test("readSecret: the first line counts, literally", () => {
  assertEquals(secretIn("pa ss\n"), "pa ss");
  assertEquals(secretIn(" a,b\\c=%(d)$(E)@(f) \r\nmore\n"), " a,b\\c=%(d)$(E)@(f) ");
  assertEquals(secretIn("no end"), "no end");
});

Deno.test("readSecret: a file without a secret is an error that says so", () => {
  for (const text of ["", "\n", "\r\n", "\nsecret\n"]) {
    assertThrows(() => secretIn(text), Error, "its first line is empty");
  }
});

Deno.test("readSecret: a file that may be written for its earlier meaning is told", () => {
  const told = (text: string) => {
    const warnings: string[] = [];
    secretIn(text, (what) => warnings.push(what));
    return warnings;
  };
  assertEquals(told("a,b\\c\n"), []);
  assertEquals(told("plain\nwith\\, behind it\n"), []);
  for (const text of ["ZQX\\,b\n", "ZQX\\\\b\n"]) {
    const [warning, ...more] = told(text);
    assertEquals([more.length, warning.includes("ZQX")], [0, false]);
    assertEquals(warning.includes("taken literally"), true, warning);
  }
});
