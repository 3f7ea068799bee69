import { assertEquals } from "@std/assert";
import { concatenate } from "../../lib/base/concatenate.ts";

Deno.test("concatenate: joins parts in their order", () => {
  const parts = [[1, 2], [], [3]].map((bytes) => new Uint8Array(bytes));
  assertEquals(concatenate(parts), new Uint8Array([1, 2, 3]));
  assertEquals(concatenate([]), new Uint8Array());
});
