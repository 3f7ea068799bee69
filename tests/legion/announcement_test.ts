import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  type Announcement,
  decodeAnnouncement,
  encodeAnnouncement,
  maxBindsMs,
  noUuid,
} from "../../lib/legion/announcement.ts";
import { DatagramError } from "../../lib/legion/datagram_error.ts";
import { anyAside } from "./aside.ts";
import { encodePairs } from "../../lib/legion/pairs.ts";

const announcement: Announcement = {
  legion: "failover",
  valor: 9999,
  unix: 1_795_355_101,
  lord: 0,
  name: "host-a",
  pid: 6114,
  uuid: "bb7b70aa-37cc-432c-b283-6d7d8bc1cd72",
  checksum: 12_551n,
  lordValor: 9999,
  lordUuid: "bb7b70aa-37cc-432c-b283-6d7d8bc1cd72",
  scroll: "",
  dead: false,
  seq: 0,
  support: undefined,
  claim: false,
  binds: 0,
  node: "",
  was: undefined,
  config: "",
  hears: undefined,
  aside: undefined,
};

const fields = {
  legion: "failover",
  valor: "9999",
  unix: "1795355101",
  lord: "0",
  name: "host-a",
  pid: "6114",
  uuid: announcement.uuid,
  checksum: "12551",
  lord_valor: "9999",
  lord_uuid: announcement.lordUuid,
};

function body(changed: Record<string, string | undefined>): Uint8Array {
  const pairs = Object.entries({ ...fields, ...changed });
  return encodePairs(
    pairs.flatMap(([key, value]) =>
      value === undefined ? [] : [[key, new TextEncoder().encode(value)] as const]
    ),
  );
}

Deno.test("an announcement is its fields in the protocol's order", () => {
  assertEquals(encodeAnnouncement(announcement), body({}));
  assertEquals(decodeAnnouncement(body({})), announcement);
});

Deno.test("scroll and dead come last, and only when there is something to say", () => {
  const parting = { ...announcement, scroll: "a text", dead: true };
  assertEquals(encodeAnnouncement(parting), body({ scroll: "a text", dead: "1" }));
  assertEquals(decodeAnnouncement(body({ scroll: "a text", dead: "1" })), parting);
  assertEquals(decodeAnnouncement(body({ dead: "0" })).dead, false);
});

Deno.test("a node of ours counts its announcements, one of uWSGI's does not", () => {
  const counted = { ...announcement, dead: true, seq: 7 };
  assertEquals(encodeAnnouncement(counted), body({ dead: "1", seq: "7" }));
  assertEquals(decodeAnnouncement(body({ dead: "1", seq: "7" })), counted);
  assertEquals(decodeAnnouncement(body({})).seq, 0);
});

Deno.test("before the first vote the lord's uuid is 36 NUL bytes", () => {
  const unsettled = { ...announcement, checksum: 0n, lordValor: 0, lordUuid: noUuid };
  assertEquals(decodeAnnouncement(encodeAnnouncement(unsettled)), unsettled);
});

Deno.test("unknown keys are passed over, so that the protocol can grow", () => {
  assertEquals(decodeAnnouncement(body({ promise: "x", claimed: "1" })), announcement);
});

Deno.test("of a repeated key the last counts", () => {
  const twice = new Uint8Array([...body({}), ...encodePairs([["valor", Uint8Array.of(0x37)]])]);
  assertEquals(decodeAnnouncement(twice).valor, 7);
});

const wrong: [what: string, changed: Record<string, string | undefined>, message: string][] = [
  ["a field is missing", { pid: undefined }, "the field pid is missing"],
  ["a negative number", { valor: "-1" }, "the field valor is not a decimal number"],
  ["an empty number", { unix: "" }, "the field unix is not a decimal number"],
  ["hexadecimal", { lord: "0x10" }, "the field lord is not a decimal number"],
  ["a valor past what is counted exactly", { valor: "9007199254740992" }, "valor is too large"],
  ["a checksum of 21 digits", { checksum: "1".repeat(21) }, "checksum is not a decimal number"],
  ["a short uuid", { uuid: "abc" }, "the field uuid is not 36 bytes long"],
  ["a support without a seq", { support: noUuid }, "the field support is no UUID:SEQ"],
  ["a support past what is counted", { support: `${noUuid}:${"9".repeat(16)}` }, "support is no"],
  ["a negative binds", { binds: "-1" }, "the field binds is not a decimal number"],
  ["an empty binds", { binds: "" }, "the field binds is not a decimal number"],
  ["a binds that is no whole number", { binds: "1.5" }, "the field binds is not a decimal number"],
  ["a binds of more than a day", { binds: "86400001" }, "the field binds is longer than a day"],
  ["a binds past what is counted", { binds: "9".repeat(20) }, "the field binds is too large"],
  ["an empty node", { node: "" }, "the field node is no host:port"],
  ["a node without a port", { node: "1.1.1.1" }, "the field node is no host:port"],
  ["a node with spaces", { node: "1.1.1.1 :2000" }, "the field node is no host:port"],
  ["a node with a line end", { node: "1.1.1.1:2000\n" }, "the field node is no host:port"],
  ["a node that is too long", { node: `${"a".repeat(81)}:1` }, "the field node is no host:port"],
  ["a short was", { was: "abc" }, "the field was is not 36 bytes long"],
  ["a long was", { was: "a".repeat(37) }, "the field was is not 36 bytes long"],
  ["a config of 7 digits", { config: "0badf00" }, "the field config is not 8 hex digits"],
  ["a config in capitals", { config: "0BADF00D" }, "the field config is not 8 hex digits"],
  ["an empty config", { config: "" }, "the field config is not 8 hex digits"],
  ["an empty hears", { hears: "" }, "the field hears is no bit map in hex"],
  ["a hears of more than 64 bits", { hears: "1".repeat(17) }, "the field hears is no bit map in"],
  ["a negative hears", { hears: "-1" }, "the field hears is no bit map in hex"],
  ["an empty lord_uuid", { lord_uuid: "" }, "the field lord_uuid is not 36 bytes long"],
];
for (const [what, changed, message] of wrong) {
  Deno.test(`malformed: ${what}`, () => {
    const error = assertThrows(() => decodeAnnouncement(body(changed)), DatagramError, message);
    assertEquals(error.reason, "malformed");
  });
}

Deno.test("any announcement comes back as it went", () => {
  const number = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const text = fc.string({ unit: "grapheme" });
  const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
  const bytes = fc.string({ unit: byte, minLength: 36, maxLength: 36 });
  const uuid = fc.oneof(fc.uuid(), fc.constant(noUuid), bytes);
  const port = fc.integer({ min: 0, max: 65_535 });
  const host = fc.oneof(fc.ipV4(), fc.ipV6().map((address) => `[${address}]`), fc.domain());
  const node = fc.tuple(host.filter((host) => host.length <= 80), port)
    .map(([host, port]) => `${host}:${port}`);
  const any = fc.record<Announcement>({
    legion: text,
    valor: number,
    unix: number,
    lord: number,
    name: text,
    pid: number,
    uuid,
    checksum: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    lordValor: number,
    lordUuid: uuid,
    scroll: text,
    dead: fc.boolean(),
    seq: number,
    support: fc.option(fc.record({ uuid, seq: number }), { nil: undefined }),
    claim: fc.boolean(),
    binds: fc.integer({ min: 0, max: maxBindsMs }),
    node: fc.oneof(fc.constant(""), node),
    was: fc.option(uuid, { nil: undefined }),
    config: fc.oneof(fc.constant(""), fc.stringMatching(/^[0-9a-f]{8}$/)),
    hears: fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { nil: undefined }),
    aside: fc.option(anyAside, { nil: undefined }),
  });
  fc.assert(fc.property(any, (said) => {
    assertEquals(decodeAnnouncement(encodeAnnouncement(said)), said);
  }));
});

Deno.test("bad input: whatever stands in the pairs of the lease is malformed, or within bounds", () => {
  const keys = ["seq", "support", "claim", "binds", "node", "was", "config", "hears"] as const;
  const number = fc.oneof(fc.integer(), fc.bigInt(), fc.double()).map((any) => `${any}`);
  const any = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.oneof(number, fc.string(), fc.stringMatching(/^[0-9a-f]{1,20}$/), fc.webAuthority())
      .map((text) => new TextEncoder().encode(text)),
    fc.constantFrom(36, 38, 5_000).map((length) => new Uint8Array(length).fill(0x31)),
  );
  const pairs = fc.array(fc.tuple(fc.constantFrom(...keys), any), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(pairs, (pairs) => {
      let said: Announcement;
      try {
        said = decodeAnnouncement(new Uint8Array([...body({}), ...encodePairs(pairs)]));
      } catch (error) {
        return assertEquals((error as DatagramError).reason, "malformed");
      }
      const { seq, support, binds, node, was, config, hears } = said;
      for (const count of [seq, support?.seq ?? 0, binds]) {
        assert(Number.isSafeInteger(count) && count >= 0, `${count}`);
      }
      assert(binds <= maxBindsMs, `${binds}`);
      assert(node === "" || /^[!-~]{1,80}:[0-9]{1,5}$/.test(node), node);
      for (const uuid of [was, support?.uuid]) assert(uuid === undefined || uuid.length === 36);
      assert(config === "" || /^[0-9a-f]{8}$/.test(config), config);
      assert(hears === undefined || (hears >= 0n && hears < 2n ** 64n), `${hears}`);
      // All that is known of them comes back as it went.
      assertEquals(decodeAnnouncement(encodeAnnouncement(said)), said);
    }),
    { numRuns: 5_000 },
  );
});
