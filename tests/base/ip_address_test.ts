import { assertEquals } from "@std/assert";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import {
  isAddress,
  isAmong,
  isNetAddress,
  netAddress,
  normalHost,
  sameAddress,
} from "../../lib/base/ip_address.ts";

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

Deno.test("however many addresses there have been, each has its normal form", () => {
  for (let n = 0; n < 10_000; n++) {
    const [c, d] = [n >> 8, n & 255];
    assertEquals(normalHost(`::ffff:10.0.${c}.${d}`), `10.0.${c}.${d}`);
  }
});

Deno.test("every spelling of an address has the same normal form, and no two addresses have", () => {
  const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), {
    minLength: 8,
    maxLength: 8,
  });
  const hex = (group: number) => group.toString(16);
  fc.assert(fc.property(groups, groups, (address, other) => {
    const normal = normalHost(address.map(hex).join(":"));
    const padded = address.map((group) => hex(group).padStart(4, "0")).join(":");
    const spellings = [
      padded.toUpperCase(),
      normal,
      `${padded}%eth0`,
      `${normal}%2`,
      new ipaddr.IPv6(address).toString(),
    ];
    for (const spelling of spellings) assertEquals(normalHost(spelling), normal, spelling);
    const isSame = address.join() === other.join();
    assertEquals(normalHost(other.map(hex).join(":")) === normal, isSame);
  }));
  fc.assert(fc.property(fc.ipV4(), (address) => {
    const [a, b, c, d] = address.split(".").map(Number);
    assertEquals(normalHost(address), address);
    assertEquals(normalHost(`::FFFF:${address}`), address);
    assertEquals(normalHost(`::ffff:${hex(a * 256 + b)}:${hex(c * 256 + d)}`), address);
  }));
});

Deno.test("netAddress: the first of the 64 bits that a server has; an IPv4 address is its own", () => {
  const table: [text: string, net: string, isNet: boolean][] = [
    ["2a01:4f8:d0a:2003::2", "2a01:4f8:d0a:2003::", false],
    ["2A01:04F8:d0a:2003:0:0:0:0", "2a01:4f8:d0a:2003::", true],
    ["2a01::1:0:0:0:0", "2a01:0:0:1::", true],
    ["::1", "::", false],
    ["4.4.4.4", "4.4.4.4", false],
    ["::ffff:4.4.4.4", "4.4.4.4", false],
  ];
  for (const [text, net, isNet] of table) {
    assertEquals([netAddress(text), isNetAddress(text)], [net, isNet], text);
  }
  assertEquals(isNetAddress("a name"), false);
});

Deno.test("isAmong: a net address is where any address of the net is", () => {
  const hosts = ["1.1.1.1", "2A01:4f8:1::2", "fe80::1%eth0", "a name"];
  const table: [address: string, isAmong: boolean][] = [
    ["1.1.1.1", true],
    ["1.1.1.2", false],
    ["2a01:4f8:1::", true],
    ["2a01:4f8:1::2", true],
    ["2a01:4f8:1::3", false],
    ["2a01:4f8:2::", false],
    ["fe80::1", true],
    ["a name", false],
  ];
  for (const [address, expected] of table) assertEquals(isAmong(address, hosts), expected, address);
});
