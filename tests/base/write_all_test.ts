import { assertEquals, assertRejects } from "@std/assert";
import { writeAll } from "../../lib/base/write_all.ts";

Deno.test("writeAll: a sink that takes little at a time gets all of it, in order", async () => {
  const taken: number[] = [];
  await writeAll({
    write(bytes) {
      taken.push(...bytes.subarray(0, 2));
      return Promise.resolve(Math.min(2, bytes.length));
    },
  }, "häuser");
  assertEquals(new TextDecoder().decode(new Uint8Array(taken)), "häuser");
});

Deno.test("writeAll: a sink that breaks is told of", async () => {
  const sink = { write: () => Promise.reject(new Deno.errors.BrokenPipe("gone")) };
  await assertRejects(() => writeAll(sink, "a"), Deno.errors.BrokenPipe, "gone");
});
