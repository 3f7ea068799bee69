import { assertEquals } from "@std/assert";
import { Pace } from "../../lib/legion/pace.ts";

const alone = { echoes: false };

Deno.test("silent until it begins, then at once, then at its usual pace", () => {
  const pace = new Pace(1000);
  assertEquals([pace.silent, pace.dueMs("news", alone)], [true, Infinity]);
  pace.begin();
  assertEquals([pace.silent, pace.dueMs("news", alone)], [false, -Infinity]);
  pace.announced("news", 5);
  assertEquals(pace.dueMs("news", alone), 1005);
});

Deno.test("a change is due at once, but at most one each 20 ms", () => {
  const pace = new Pace(1000);
  pace.begin();
  pace.announced("old", 5);
  assertEquals(pace.dueMs("new", alone), 25);
  pace.announced("new", 25);
  assertEquals(pace.dueMs("new", alone), 1025);
});

Deno.test("three farewells, 20 ms apart, the first at once, and then silence", () => {
  const pace = new Pace(1000);
  pace.begin();
  pace.announced("", 5);
  pace.part();
  const times: number[] = [];
  for (let now = 6; !pace.silent; now = pace.dueMs("", alone)) {
    assertEquals([pace.parting, pace.dueMs("", alone) <= now], [true, true]);
    times.push(now);
    pace.announced("", now);
  }
  assertEquals(times, [6, 26, 46]);
  assertEquals([pace.parting, pace.dueMs("", alone)], [false, Infinity]);
});

Deno.test("a node that begins again takes no more leave", () => {
  const pace = new Pace(1000);
  pace.begin();
  pace.part();
  pace.begin();
  assertEquals([pace.parting, pace.dueMs("", alone)], [false, -Infinity]);
});

Deno.test("whoever echoes another waits a little longer for it, and tells news as soon", () => {
  const pace = new Pace(1000);
  pace.begin();
  pace.announced("old", 0);
  assertEquals([pace.dueMs("old", { echoes: true }), pace.dueMs("new", { echoes: true })], [
    1250,
    20,
  ]);
});
