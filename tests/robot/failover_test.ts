import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { isAddress } from "../../lib/base/ip_address.ts";
import { RobotError } from "../../lib/robot/errors.ts";
import { isNothing, parseFailover, parseFailoverList } from "../../lib/robot/failover.ts";

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

// The example of API.md.
const documented = {
  ip: "123.123.123.123",
  netmask: "255.255.255.255",
  server_ip: "78.46.1.93",
  server_ipv6_net: "2a01:4f8:d0a:2003::",
  server_number: 321,
  active_server_ip: "124.124.124.124",
};

Deno.test("the documented reply is read field by field", () => {
  assertEquals(parseFailover(200, bytes({ failover: documented })), {
    ip: "123.123.123.123",
    netmask: "255.255.255.255",
    serverIp: "78.46.1.93",
    serverIpv6Net: "2a01:4f8:d0a:2003::",
    serverNumber: 321,
    activeServerIp: "124.124.124.124",
    status: undefined,
  });
});

Deno.test("an address that is routed nowhere, and a switch that is running", () => {
  const failover = { ...documented, active_server_ip: null, status: "processing" };
  const { activeServerIp, status } = parseFailover(200, bytes({ failover }));
  assertEquals([activeServerIp, status], [null, "processing"]);
});

Deno.test("what no decision hangs on may be missing or strange", () => {
  const failover = {
    ip: "2a01:4f8:fff1::",
    active_server_ip: "2a01:4f8:1::",
    netmask: 64,
    server_ip: null,
    server_number: "321",
    status: "READY",
    more: [1],
  };
  assertEquals(parseFailover(200, bytes({ failover })), {
    ip: "2a01:4f8:fff1::",
    netmask: undefined,
    serverIp: undefined,
    serverIpv6Net: undefined,
    serverNumber: undefined,
    activeServerIp: "2a01:4f8:1::",
    status: undefined,
  });
});

Deno.test("what a decision hangs on must be there", () => {
  const { ip: _ip, ...noIp } = documented;
  const { active_server_ip: _active, ...noActive } = documented;
  for (
    const reply of [
      null,
      [],
      documented,
      { failover: null },
      { failover: [documented] },
      { failover: noIp },
      { failover: noActive },
      { failover: { ...documented, ip: null } },
      { failover: { ...documented, active_server_ip: "" } },
      { failover: { ...documented, active_server_ip: "here" } },
      { failover: { ...documented, active_server_ip: 2071690107 } },
      { failover: { ...documented, active_server_ip: ["124.124.124.124"] } },
    ]
  ) {
    const error = assertThrows(() => parseFailover(200, bytes(reply)), RobotError);
    assertEquals([error.kind, error.status], ["unreadable", 200], JSON.stringify(reply));
  }
});

Deno.test("a list: an entry that cannot be read hides no other, and is quoted without secrets", () => {
  const other = { ...documented, ip: "2a01:4f8:fff1::" };
  const list = [{ failover: documented }, { failover: {} }, documented, null, { failover: other }];
  const clean = (text: string) => text.replaceAll("124.", "***");
  const { failovers, unreadable } = parseFailoverList(200, bytes(list), clean);
  assertEquals(failovers.map(({ ip }) => ip), ["123.123.123.123", "2a01:4f8:fff1::"]);
  assertEquals(unreadable.length, 3);
  assertEquals([unreadable[0], unreadable[2]], ['{"failover":{}}', "null"]);
  assertEquals([unreadable[1].includes("124."), unreadable[1].length <= 200], [false, true]);
  for (const reply of [{ failover: documented }, null, [documented], [{ failover: {} }], [null]]) {
    assertThrows(() => parseFailoverList(200, bytes(reply)), RobotError);
  }
});

Deno.test("an account without an address has an empty list, as JSON or as a 404", () => {
  const none = { failovers: [], unreadable: [] };
  assertEquals(parseFailoverList(200, bytes([])), none);
  const error = { status: 404, code: "NOT_FOUND", message: "No failover IP addresses found" };
  for (const body of [new Uint8Array(), bytes({ error }), bytes([])]) {
    assertEquals(parseFailoverList(404, body), none);
    assertEquals([isNothing(404, body), isNothing(200, body)], [true, false]);
  }
  for (
    const body of [bytes("<html>"), bytes({ error: { ...error, code: "OTHER" } }), bytes(null)]
  ) {
    assertEquals(isNothing(404, body), false);
  }
});

Deno.test("any body is a failover address or unreadable, and nothing else", () => {
  const value = fc.oneof(fc.jsonValue(), fc.ipV4(), fc.constant(null));
  const failover = fc.record({ ip: value, active_server_ip: value, status: value });
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 2000 }),
    fc.json().map((text) => new TextEncoder().encode(text)),
    failover.map((failover) => bytes({ failover })),
    fc.array(failover.map((failover) => ({ failover }))).map(bytes),
  );
  fc.assert(fc.property(body, (body) => {
    try {
      for (const { ip, activeServerIp } of [parseFailover(200, body)]) {
        assert(isAddress(ip) && (activeServerIp === null || isAddress(activeServerIp)));
      }
    } catch (error) {
      assert(error instanceof RobotError && error.kind === "unreadable");
    }
    try {
      parseFailoverList(200, body);
    } catch (error) {
      assert(error instanceof RobotError && error.kind === "unreadable");
    }
  }));
});
