import { assert, assertEquals } from "@std/assert";
import { order } from "../../scripts/bench/takeover_course.ts";
import { type Fault, limitOf, plans } from "../../scripts/bench/takeover_plans.ts";

Deno.test("a legion starts before any fault, and a node that was stopped is back before the next", () => {
  const stopped = ["firstStart", "stop", "comeBack"];
  assertEquals(order(() => true), [...stopped, "cut", "boot", "reboot", "kill"]);
  const only = (wanted: Fault) => order((fault) => fault === wanted);
  assertEquals(only("firstStart"), ["firstStart"]);
  assertEquals(only("cut"), ["firstStart", "cut"]);
  assertEquals(only("comeBack"), stopped);
});

Deno.test("at freq 0.1 and tolerance 0.3 a takeover is at most 50 ms past the tolerance", () => {
  const timing = { freqSeconds: 0.1, toleranceSeconds: 0.3 };
  const planned = plans.find(({ timing }) => timing.freqSeconds === 0.1)?.timing ?? timing;
  assertEquals(planned, timing);
  const kill = limitOf("kill", planned);
  assert(kill !== undefined);
  assert(kill.holds([0.2, 0.33, 0.35]));
  assert(!kill.holds([0.2, 0.33, 0.351]));
  assert(!kill.holds([0.33, 0.331, 0.331]));
  assert(limitOf("firstStart", planned)?.holds([0.615]));
  assert(!limitOf("firstStart", planned)?.holds([0.615, 0.616]));
  assert(limitOf("boot", planned)?.holds([0.2, 0.3, 0.4]));
  assert(!limitOf("boot", planned)?.holds([0.2, 0.301, 0.4]));
});
