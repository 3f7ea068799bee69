import { DatagramError } from "./datagram_error.ts";

/** A key and its value, as they stand in a clear body. */
export type Pair = readonly [key: string, value: Uint8Array];

/** A pair to be written; a text becomes UTF-8. */
export type WritablePair = readonly [key: string, value: Uint8Array | string];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const longest = 0xffff;
// Bodies are written here first, so that memory is taken once for each instead of for each part.
// Two bytes more hold a length behind which nothing fits.
const scratch = new Uint8Array(longest + 2);

/**
 * Writes pairs as the clear body of a datagram: for each the key's length (u16, little endian), the
 * key, the value's length, the value (PROTOCOL.md, "The datagram").
 *
 * @throws RangeError when a key is empty, or a key, a value or the whole is longer than 65,535
 * bytes
 */
export function encodePairs(pairs: readonly WritablePair[]): Uint8Array {
  let at = 0;
  for (const [key, value] of pairs) {
    if (key === "") throw new RangeError("a key may not be empty");
    at = write(value, write(key, at));
  }
  return scratch.slice(0, at);
}

/** Writes a part behind its length, from `at` on; returns where it ends. */
function write(part: Uint8Array | string, at: number): number {
  const start = at + 2;
  const length = typeof part === "string" ? writeText(part, start) : writeBytes(part, start);
  if (start + length > longest) throw tooLong();
  scratch[at] = length & 0xff;
  scratch[at + 1] = length >> 8;
  return start + length;
}

function writeBytes(bytes: Uint8Array, at: number): number {
  if (at + bytes.length > longest) throw tooLong();
  scratch.set(bytes, at);
  return bytes.length;
}

// Nearly all text is short and ASCII, which this loop writes faster than an encoder could be
// called.
function writeText(text: string, at: number): number {
  if (at + text.length > longest) throw tooLong();
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return writeBytes(encoder.encode(text), at);
    scratch[at + i] = code;
  }
  return text.length;
}

function tooLong(): RangeError {
  return new RangeError(`a body is too long: at most ${longest} bytes fit a datagram`);
}

/**
 * Reads the pairs of a clear body, in their order; the values are views into the body.
 *
 * @throws DatagramError `malformed`, when the body does not parse to its very end
 */
export function decodePairs(body: Uint8Array): Pair[] {
  let at = 0;
  const part = () => {
    if (at + 2 > body.length) throw malformed("a length is cut off");
    const start = at + 2;
    at = start + body[at] + body[at + 1] * 0x100;
    if (at > body.length) throw malformed("a key or value is cut off");
    return body.subarray(start, at);
  };
  const pairs: Pair[] = [];
  while (at < body.length) {
    const key = part();
    if (key.length === 0) throw malformed("a key is empty");
    pairs.push([textOf(key), part()]);
  }
  return pairs;
}

/** The text of a key or value, from UTF-8. */
export function textOf(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] > 0x7f) return decoder.decode(bytes);
    text += String.fromCharCode(bytes[i]);
  }
  return text;
}

function malformed(what: string): DatagramError {
  return new DatagramError("malformed", `the body does not parse: ${what}`);
}
