import { assert, assertEquals } from "@std/assert";
import { readPaced } from "../../lib/base/paced.ts";

/** Output that is always there, up to so many pieces. */
function alwaysThere(pieces: number, size: number): ReadableStream<Uint8Array> {
  let count = 0;
  return new ReadableStream({
    pull(controller) {
      if (count++ === pieces) return controller.close();
      controller.enqueue(new Uint8Array(size));
    },
  });
}

for (const [size, mostBefore] of [[64 * 1024, 1], [1, 64]]) {
  Deno.test(`output that is always there leaves timers their turn: pieces of ${size} bytes`, async () => {
    let pieces = 0;
    let before: number | undefined;
    setTimeout(() => before = pieces);
    await readPaced(alwaysThere(100, size).getReader(), () => pieces++);
    assertEquals(pieces, 100);
    assert(before !== undefined && before <= mostBefore, `${before} pieces came before`);
  });
}

Deno.test("output of a few lines is read without a pause", async () => {
  let isPaused = false;
  const timer = setTimeout(() => isPaused = true);
  await readPaced(alwaysThere(10, 200).getReader(), () => {});
  assertEquals(isPaused, false);
  clearTimeout(timer);
});
