import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { lines } from "../../lib/hooks/_lines.ts";

async function read(...pieces: Uint8Array[]): Promise<string[]> {
  return await Array.fromAsync(lines(ReadableStream.from(pieces)));
}
const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("lines end with LF or CRLF, the last need not, empty ones are left out", async () => {
  assertEquals(await read(bytes("a\nb\r\n\n\nc")), ["a", "b", "c"]);
  assertEquals(await read(), []);
});

Deno.test("it does not matter in which pieces a text comes", async () => {
  const text = fc.array(fc.stringMatching(/^[a-zäß€]{1,9}$/), { minLength: 1 });
  await fc.assert(fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), async (words, size) => {
    const whole = bytes(words.join("\n"));
    const pieces = [];
    for (let at = 0; at < whole.length; at += size) pieces.push(whole.slice(at, at + size));
    assertEquals(await read(...pieces), words);
  }));
});

Deno.test("a line that does not end is cut", async () => {
  const long = bytes("x".repeat(3000));
  const cut = await read(long, long, long);
  assertEquals(cut.join(""), "x".repeat(9000));
  assertEquals(cut.every((line) => line.length <= 4096), true);
});
