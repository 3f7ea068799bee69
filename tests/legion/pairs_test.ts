import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DatagramError } from "../../lib/legion/datagram_error.ts";
import { decodePairs, encodePairs, type Pair } from "../../lib/legion/pairs.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

Deno.test("a pair is its key's length, key, value's length and value", () => {
  const body = bytes(1, 0, 0x6b, 2, 0, 7, 8);
  assertEquals(encodePairs([["k", bytes(7, 8)]]), body);
  assertEquals(decodePairs(body), [["k", bytes(7, 8)]]);
});

Deno.test("a value may be empty, a key may not", () => {
  const body = encodePairs([["k", bytes()]]);
  assertEquals(decodePairs(body), [["k", bytes()]]);
  assertThrows(() => encodePairs([["", bytes(1)]]), RangeError, "a key may not be empty");
  assertThrows(() => decodePairs(bytes(0, 0, 1, 0, 7)), DatagramError, "a key is empty");
});

Deno.test("a body that is cut off anywhere does not parse", () => {
  const body = encodePairs([["key", bytes(1, 2, 3)]]);
  for (let length = 1; length < body.length; length++) {
    const error = assertThrows(() => decodePairs(body.subarray(0, length)), DatagramError);
    assertEquals(error.reason, "malformed");
  }
});

Deno.test("what does not fit a datagram is refused", () => {
  assertThrows(() => encodePairs([["k", new Uint8Array(65_536)]]), RangeError, "at most 65535");
});

Deno.test("any pairs come back as they went", () => {
  const pair = fc.tuple(fc.string({ minLength: 1, unit: "grapheme" }), fc.uint8Array());
  fc.assert(fc.property(fc.array(pair), (pairs: Pair[]) => {
    assertEquals(decodePairs(encodePairs(pairs)), pairs);
  }));
});

Deno.test("any bytes either parse or are malformed", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
    try {
      decodePairs(body);
    } catch (error) {
      assertEquals(error instanceof DatagramError && error.reason, "malformed");
    }
  }));
});
