import { assertEquals } from "@std/assert";
import { Pace } from "../../lib/legion/pace.ts";

const told = (text: string, echo?: number) => ({ text, echo });

Deno.test("silent until it begins, then at once, then at its usual pace", () => {
  const pace = new Pace(1000);
  assertEquals([pace.silent, pace.dueMs(told("news"))], [true, Infinity]);
  pace.begin();
  assertEquals([pace.silent, pace.dueMs(told("news"))], [false, -Infinity]);
  pace.announced(told("news"), 5);
  assertEquals(pace.dueMs(told("news")), 1005);
});

Deno.test("a change is due at once, but at most one each 20 ms", () => {
  const pace = new Pace(1000);
  pace.begin();
  pace.announced(told("old"), 5);
  assertEquals(pace.dueMs(told("new")), 25);
  pace.announced(told("new"), 25);
  assertEquals(pace.dueMs(told("new")), 1025);
});

Deno.test("three farewells, 20 ms apart, the first at once, and then silence", () => {
  const pace = new Pace(1000);
  pace.begin();
  pace.announced(told(""), 5);
  pace.part();
  const times: number[] = [];
  for (let now = 6; !pace.silent; now = pace.dueMs(told(""))) {
    assertEquals([pace.parting, pace.dueMs(told("")) <= now], [true, true]);
    times.push(now);
    pace.announced(told(""), now);
  }
  assertEquals(times, [6, 26, 46]);
  assertEquals([pace.parting, pace.dueMs(told(""))], [false, Infinity]);
});

Deno.test("a node that begins again takes no more leave", () => {
  const pace = new Pace(1000);
  pace.begin();
  pace.part();
  pace.begin();
  assertEquals([pace.parting, pace.dueMs(told(""))], [false, -Infinity]);
});

Deno.test("whoever echoes another waits a little longer for it, and tells news as soon", () => {
  const pace = new Pace(1000);
  pace.begin();
  pace.announced(told("old", 7), 0);
  assertEquals([pace.dueMs(told("old", 7)), pace.dueMs(told("new", 7))], [1250, 20]);
});

Deno.test("an echo does not wait for the time between two changes, and takes a change with it", () => {
  const pace = new Pace(1000);
  pace.begin();
  pace.announced(told("old", 7), 0);
  assertEquals([pace.dueMs(told("old", 8)), pace.dueMs(told("new", 8))], [1, 1]);
  pace.announced(told("new", 8), 1);
  assertEquals([pace.dueMs(told("new", 8)), pace.dueMs(told("newer", 8))], [1251, 21]);
});

Deno.test("a farewell echoes nobody any sooner", () => {
  const pace = new Pace(1000);
  pace.begin();
  pace.part();
  pace.announced(told("", 7), 0);
  assertEquals(pace.dueMs(told("", 8)), 20);
});

Deno.test("rule 5: a node in a hurry announces at least so often, news included, and later no more", () => {
  const pace = new Pace(1000);
  pace.begin();
  pace.announced(told("old"), 0);
  pace.hurry(400);
  assertEquals([pace.dueMs(told("old")), pace.dueMs(told("new"))], [400, 20]);
  pace.hurry(10);
  assertEquals([pace.dueMs(told("old")), pace.dueMs(told("new"))], [10, 10]);
  // Not any less often than its period.
  pace.hurry(5_000);
  assertEquals(pace.dueMs(told("old")), 1000);
  pace.hurry(Infinity);
  assertEquals(pace.dueMs(told("old")), 1000);
});
