import { assertEquals } from "@std/assert";
import { rolloutMs, Tolerance } from "../../lib/legion/tolerance.ts";

const both = ({ longestMs, shortestMs }: Tolerance) => [longestMs, shortestMs];

Deno.test("a tolerance that does not change is the longest and the shortest", () => {
  const tolerance = new Tolerance(15_000);
  assertEquals([tolerance.change(15_000, 5), ...both(tolerance)], [false, 15_000, 15_000]);
  assertEquals(tolerance.dueMs, Infinity);
});

for (const [from, to] of [[15_000, 3_000], [3_000, 15_000]]) {
  Deno.test(`from ${from} to ${to} ms: both count until all nodes have the new one`, () => {
    const tolerance = new Tolerance(from);
    assertEquals(tolerance.change(to, 100), true);
    assertEquals(tolerance.dueMs, 100 + rolloutMs);
    tolerance.settle(99 + rolloutMs);
    assertEquals(both(tolerance), [15_000, 3_000]);
    tolerance.settle(100 + rolloutMs);
    assertEquals([...both(tolerance), tolerance.dueMs], [to, to, Infinity]);
  });
}

Deno.test("of more changes in that time each counts until its own end", () => {
  const tolerance = new Tolerance(15_000);
  tolerance.change(3_000, 0);
  tolerance.change(5_000, 1_000);
  tolerance.settle(rolloutMs - 1);
  assertEquals(both(tolerance), [15_000, 3_000]);
  tolerance.settle(rolloutMs);
  assertEquals([...both(tolerance), tolerance.dueMs], [5_000, 3_000, rolloutMs + 1_000]);
  tolerance.settle(rolloutMs + 1_000);
  assertEquals(both(tolerance), [5_000, 5_000]);
});

Deno.test("a promise for longer than that is kept", () => {
  const tolerance = new Tolerance(rolloutMs * 2);
  tolerance.change(3_000, 0);
  assertEquals(tolerance.dueMs, rolloutMs * 2 * 1.05);
});
