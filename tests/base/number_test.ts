import { assertEquals, assertThrows } from "@std/assert";
import { Invalid } from "../../lib/base/invalid.ts";
import { parseSeconds, parseWhole } from "../../lib/base/number.ts";

Deno.test("seconds may have decimals, and become milliseconds", () => {
  assertEquals(["3", "0.1", ".5", "0.0015", "86400"].map((text) => parseSeconds(text)), [
    3_000,
    100,
    500,
    2,
    86_400_000,
  ]);
  assertEquals(parseSeconds("0", { zero: true }), 0);
  const message = "right would be a number of seconds: 0, or 0.001 to 86400";
  assertThrows(() => parseSeconds("0.0004", { zero: true }), Invalid, message);
});

for (const text of ["", "0", "-1", "1s", "1e3", "1.", "86401", "NaN", "0x10", "1 2", "0.0004"]) {
  Deno.test(`no seconds: ${JSON.stringify(text)}`, () => {
    const message = "right would be a number of seconds: 0.001 to 86400";
    assertThrows(() => parseSeconds(text), Invalid, message);
  });
}

Deno.test("whole numbers from 0, as large as can be counted exactly", () => {
  assertEquals(["0", "9999", "9007199254740991"].map(parseWhole), [0, 9999, 2 ** 53 - 1]);
});

for (const text of ["", "-1", "1.5", "9007199254740992", "ten", "0x10"]) {
  Deno.test(`no whole number: ${JSON.stringify(text)}`, () => {
    assertThrows(() => parseWhole(text), Invalid, "right would be a whole number from 0");
  });
}
