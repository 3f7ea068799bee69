import { assert, assertEquals } from "@std/assert";
import { order } from "../../scripts/bench/takeover_course.ts";
import { type Fault, limitOf, plans } from "../../scripts/bench/takeover_plans.ts";

Deno.test("a legion boots before any fault, and a node that was ended is back before the next", () => {
  assertEquals(order(() => true), ["boot", "kill", "comeBack", "stop", "comeBack", "cut"]);
  const only = (wanted: Fault) => order((fault) => fault === wanted);
  assertEquals(only("boot"), ["boot"]);
  assertEquals(only("cut"), ["boot", "cut"]);
  assertEquals(only("comeBack"), ["boot", "kill", "comeBack"]);
});

Deno.test("at freq 0.1 and tolerance 0.3 a takeover is at most 50 ms past the tolerance", () => {
  const [{ timing }] = plans;
  const kill = limitOf("kill", timing);
  assert(kill !== undefined);
  assert(kill.holds([0.2, 0.33, 0.35]));
  assert(!kill.holds([0.2, 0.33, 0.351]));
  assert(!kill.holds([0.33, 0.331, 0.331]));
  assert(limitOf("boot", timing)?.holds([0.615]));
  assert(!limitOf("boot", timing)?.holds([0.615, 0.616]));
});
