import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { castingOf, parseAddress } from "../../lib/config/address.ts";
import { Invalid } from "../../lib/base/invalid.ts";

Deno.test("host and port, IPv6 in brackets, an empty host for any", () => {
  assertEquals(parseAddress("1.2.3.4:2000"), { host: "1.2.3.4", port: 2000 });
  assertEquals(parseAddress("[2001:db8::1]:65535"), { host: "2001:db8::1", port: 65535 });
  assertEquals(parseAddress(":1"), { host: "0.0.0.0", port: 1 });
});

const wrong: [text: string, why: string][] = [
  ["1.2.3.4", "it has no port"],
  ["::1:2000", "it has no port"],
  ["", "it has no port"],
  ["1.2.3.4:", "the port is not one of 1 to 65535"],
  ["1.2.3.4:0", "the port is not one of 1 to 65535"],
  ["1.2.3.4:65536", "the port is not one of 1 to 65535"],
  ["1.2.3.4:http", "it has no port"],
  ["1.2.3:2000", "the host is no IP address, and names are not looked up"],
  ["256.1.1.1:2000", "the host is no IP address"],
  ["server-2:2000", "the host is no IP address, and names are not looked up"],
  ["[1.2.3.4]:2000", "what is in brackets is no IPv6 address"],
  ["[::g]:2000", "what is in brackets is no IPv6 address"],
];
for (const [text, why] of wrong) {
  Deno.test(`no address: ${JSON.stringify(text)}`, () => {
    const error = assertThrows(() => parseAddress(text), Invalid, why);
    assertEquals(error.message.includes("right would be 1.2.3.4:2000"), true);
  });
}

Deno.test("an address tells how it is to be bound", () => {
  const casting = (host: string) => castingOf({ host, port: 1 });
  assertEquals(
    ["1.1.1.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "ff02::1", "::1"]
      .map(casting),
    ["unicast", "multicast", "multicast", "unicast", "broadcast", "multicast", "unicast"],
  );
});

Deno.test("any IPv4 and IPv6 address is read", () => {
  const port = fc.integer({ min: 1, max: 65_535 });
  fc.assert(fc.property(fc.ipV4(), port, (host, port) => {
    assertEquals(parseAddress(`${host}:${port}`), { host, port });
  }));
  fc.assert(fc.property(fc.ipV6(), port, (host, port) => {
    assertEquals(parseAddress(`[${host}]:${port}`), { host, port });
  }));
});
