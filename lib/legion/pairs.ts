import { DatagramError } from "./datagram_error.ts";

/** A key and its value, as they stand in a clear body. */
export type Pair = readonly [key: string, value: Uint8Array];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Writes pairs as the clear body of a datagram: of each its key's length (u16, little endian), the
 * key, its value's length, the value (legion-protocol, "The datagram").
 *
 * @throws RangeError when a key is empty, or a key, a value or the whole is longer than 65,535 bytes
 */
export function encodePairs(pairs: readonly Pair[]): Uint8Array {
  const parts = pairs.flatMap(([key, value]) => [encoder.encode(key), value]);
  const size = parts.reduce((sum, part) => sum + 2 + part.length, 0);
  if (size > 0xffff) throw new RangeError(`a body of ${size} bytes: at most 65535 fit a datagram`);
  if (pairs.some(([key]) => key === "")) throw new RangeError("a key may not be empty");
  const body = new Uint8Array(size);
  const view = new DataView(body.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint16(at, part.length, true);
    body.set(part, at + 2);
    at += 2 + part.length;
  }
  return body;
}

/**
 * Reads the pairs of a clear body, in their order; the values are views into it.
 *
 * @throws DatagramError `malformed`, when the body does not parse to its very end
 */
export function decodePairs(body: Uint8Array): Pair[] {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  let at = 0;
  const part = () => {
    if (at + 2 > body.length) throw malformed("a length is cut off");
    const start = at + 2;
    at = start + view.getUint16(at, true);
    if (at > body.length) throw malformed("a key or value is cut off");
    return body.subarray(start, at);
  };
  const pairs: Pair[] = [];
  while (at < body.length) {
    const key = part();
    if (key.length === 0) throw malformed("a key is empty");
    pairs.push([decoder.decode(key), part()]);
  }
  return pairs;
}

function malformed(what: string): DatagramError {
  return new DatagramError("malformed", `the body does not parse: ${what}`);
}
