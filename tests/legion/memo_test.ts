import { assertEquals } from "@std/assert";
import { memo } from "../../lib/legion/memo.ts";

Deno.test("it works when an input is another than the last time, and only then", () => {
  const calls: [number, object][] = [];
  const remembering = memo((number: number, object: object) => {
    calls.push([number, object]);
    return { number };
  });
  const [a, b] = [{}, {}];
  const first = remembering(1, a);
  assertEquals(remembering(1, a) === first, true);
  remembering(1, b);
  remembering(2, b);
  remembering(2, b);
  assertEquals(remembering(1, a), { number: 1 });
  assertEquals(calls, [[1, a], [1, b], [2, b], [1, a]]);
});
