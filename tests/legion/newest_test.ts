import { assertEquals } from "@std/assert";
import { nthNewest } from "../../lib/legion/newest.ts";

Deno.test("the n-th newest of some times, in whatever order they come", () => {
  const times = [30, 9, 100, 9];
  assertEquals([1, 2, 3, 4].map((n) => nthNewest(times, n)), [100, 30, 9, 9]);
  assertEquals(times, [30, 9, 100, 9]);
});

Deno.test("where there are fewer it was never", () => {
  assertEquals([nthNewest([], 1), nthNewest([5], 2)], [-Infinity, -Infinity]);
});
