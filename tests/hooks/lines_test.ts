import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Lines } from "../../lib/hooks/_lines.ts";

function linesOf(...pieces: Uint8Array[]): string[] {
  const found: string[] = [];
  const lines = new Lines((read) => found.push(read()));
  for (const piece of pieces) lines.push(piece);
  lines.end();
  return found;
}
const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("lines end with LF or CRLF, the last need not, empty ones are left out", () => {
  assertEquals(linesOf(bytes("a\nb\r\n\n\r\nc")), ["a", "b", "c"]);
  assertEquals(linesOf(), []);
});

Deno.test("it does not matter in which pieces a text comes", () => {
  const text = fc.array(fc.stringMatching(/^[a-zäß€]{1,9}$/), { minLength: 1 });
  fc.assert(fc.property(text, fc.integer({ min: 1, max: 7 }), (words, size) => {
    const whole = bytes(words.join("\r\n"));
    const pieces = [];
    for (let at = 0; at < whole.length; at += size) pieces.push(whole.slice(at, at + size));
    assertEquals(linesOf(...pieces), words);
  }));
});

Deno.test("of a line only the first 4 KiB are taken, and the next one is whole", () => {
  const long = bytes("x".repeat(3000));
  assertEquals(linesOf(long, long, long, bytes("\nnext")), [`${"x".repeat(4096)}…`, "next"]);
  assertEquals(linesOf(bytes("x".repeat(4096))), ["x".repeat(4096)]);
});

Deno.test("a line is not cut within a character", () => {
  assertEquals(linesOf(bytes(`${"x".repeat(4095)}€`)), [`${"x".repeat(4095)}…`]);
});
