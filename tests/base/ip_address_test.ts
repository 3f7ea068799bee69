import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { isAddress, sameAddress } from "../../lib/base/ip_address.ts";

Deno.test("addresses are the same by value, not as text", () => {
  for (
    const [a, b, same] of [
      ["1.2.3.4", "1.2.3.4", true],
      ["1.2.3.4", "1.2.3.5", false],
      ["2a01:4f8:fff1::", "2A01:04F8:FFF1:0:0:0:0:0", true],
      ["2a01:4f8:fff1::", "2a01:4f8:fff1::1", false],
      ["::ffff:1.2.3.4", "1.2.3.4", true],
      ["::", "0.0.0.0", false],
      ["here", "here", false],
      ["", "", false],
    ] as const
  ) {
    assertEquals(sameAddress(a, b), same, `${a} and ${b}`);
    assertEquals(sameAddress(b, a), same, `${b} and ${a}`);
  }
});

Deno.test("only addresses are addresses", () => {
  for (const text of ["0.0.0.0", "255.255.255.255", "::", "2a01:4f8::1"]) {
    assertEquals(isAddress(text), true, text);
  }
  for (
    const text of [
      "",
      "1.2.3",
      "1.2.3.256",
      "01.2.3.4",
      "0x7f.1",
      "1",
      "1.2.3.4/32",
      "::%eth0",
      ":",
    ]
  ) {
    assertEquals(isAddress(text), false, text);
  }
});

Deno.test("every address is the same as itself, whatever its spelling", () => {
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
    assertEquals(isAddress(address), true);
    assertEquals(sameAddress(address, address.toUpperCase()), true);
  }));
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => {
    assertEquals(typeof sameAddress(a, b), "boolean");
  }));
});
