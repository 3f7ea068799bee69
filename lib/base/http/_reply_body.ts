import { ReplyError } from "./reply_error.ts";
import { readFields, type ReplyHead } from "./_reply_head.ts";
import type { ReplyReader } from "./_reply_reader.ts";

/**
 * Reads the body of a reply, as long as its head says (RFC 9112, 6.3).
 *
 * @param take called with each part of the body, as it comes
 * @throws ReplyError, or the error of the line, when the body is cut off
 */
export async function readBody(
  reader: ReplyReader,
  { status, headers }: ReplyHead,
  take: (part: Uint8Array) => void,
): Promise<void> {
  if (status === 204 || status === 304) return;
  const coding = headers.get("transfer-encoding");
  const length = headers.get("content-length");
  if (coding !== undefined) {
    if (coding.toLowerCase() !== "chunked") throw malformed("its coding is not known");
    await readChunks(reader, take);
  } else if (length !== undefined) {
    await readLength(reader, lengthIn(length), take);
  } else {
    for (let part; (part = await reader.bytes(Infinity)) !== undefined;) take(part);
  }
}

async function readChunks(reader: ReplyReader, take: (part: Uint8Array) => void): Promise<void> {
  while (true) {
    const [, digits] = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i.exec(await reader.textLine()) ?? [];
    if (digits === undefined) throw malformed("the length of a chunk cannot be read");
    const length = parseInt(digits, 16);
    if (length === 0) break;
    await readLength(reader, length, take);
    if (await reader.textLine() !== "") throw malformed("a chunk is longer than it says");
  }
  await readFields(reader);
}

async function readLength(
  reader: ReplyReader,
  length: number,
  take: (part: Uint8Array) => void,
): Promise<void> {
  for (let left = length; left > 0;) {
    const part = await reader.bytes(left);
    if (part === undefined) throw new ReplyError("cut", "closed before the whole reply had come");
    take(part);
    left -= part.length;
  }
}

/** The length that a header tells; it may tell the same one several times. */
function lengthIn(value: string): number {
  const [length, ...others] = new Set(value.split(/[ \t]*,[ \t]*/));
  if (!/^\d{1,15}$/.test(length) || others.length > 0) {
    throw malformed("its length cannot be read");
  }
  return Number(length);
}

function malformed(why: string): ReplyError {
  return new ReplyError("malformed", `the reply cannot be read: ${why}`);
}
