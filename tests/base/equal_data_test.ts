import { assertEquals } from "@std/assert";
import { equalData } from "../../lib/base/equal_data.ts";

const equal: [unknown, unknown][] = [
  [1, 1],
  [NaN, NaN],
  [null, null],
  [{}, {}],
  [{ a: 1, b: [2, { c: "3" }] }, { b: [2, { c: "3" }], a: 1 }],
  [{ a: undefined }, { a: undefined }],
  [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
];

const different: [unknown, unknown][] = [
  [1, 2],
  [1, "1"],
  [null, undefined],
  [null, {}],
  [{}, []],
  [[1, 2], [1]],
  [[1], [1, 2]],
  [{ a: 1 }, { a: 2 }],
  [{ a: undefined }, {}],
  [{ a: undefined }, { b: undefined }],
  [{ a: { b: [1] } }, { a: { b: [2] } }],
  [new Uint8Array([1, 2]), new Uint8Array([1, 3])],
];

Deno.test("equalData: compares what is in arrays and objects", () => {
  for (const [a, b] of equal) assertEquals(equalData(a, b), true, Deno.inspect([a, b]));
  for (const [a, b] of different) {
    assertEquals([equalData(a, b), equalData(b, a)], [false, false], Deno.inspect([a, b]));
  }
});
