import { assertEquals } from "@std/assert";
import { secondsOf } from "../../lib/base/seconds_of.ts";

Deno.test("secondsOf: seconds with three decimals", () => {
  assertEquals([1234.56789, 999.6, 0.4, 0].map(secondsOf), [1.235, 1, 0, 0]);
  assertEquals(`${secondsOf(100 / 3 * 1000)}`, "33.333");
});
