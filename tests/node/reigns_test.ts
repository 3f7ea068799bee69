import { assertEquals } from "@std/assert";
import { Reigns } from "../../lib/node/reigns.ts";

function setUp() {
  const clock = { seconds: 1_000 };
  const reigns = new Reigns(() => clock.seconds);
  const note = (seconds: number, ...lords: string[]) => {
    clock.seconds = seconds;
    return reigns.note(lords);
  };
  return { clock, reigns, note };
}

Deno.test("the lords one after the other, a time without one among them", () => {
  const { reigns, note } = setUp();
  assertEquals([note(1_001, "a"), note(1_002, "a"), note(2_000), note(2_003, "b")], [
    "a",
    undefined,
    undefined,
    "b",
  ]);
  assertEquals(reigns.all, [
    { lord: "", since: 1_000 },
    { lord: "a", since: 1_001 },
    { lord: "", since: 2_000 },
    { lord: "b", since: 2_003 },
  ]);
  // The first lord that a new process sees has taken the title from nobody.
  assertEquals(reigns.transitions, 2);
});

Deno.test("of two lords the one that was lord before counts", () => {
  const { reigns, note } = setUp();
  note(1_001, "b");
  note(1_002, "a", "b");
  assertEquals(reigns.all.at(-1), { lord: "b", since: 1_001 });
  note(1_003, "a");
  assertEquals([reigns.all.at(-1), reigns.transitions], [{ lord: "a", since: 1_003 }, 1]);
});

Deno.test("times that ended more than a day ago are forgotten, also while nothing changes", () => {
  const { clock, reigns, note } = setUp();
  note(1_001, "a");
  note(2_000, "b");
  clock.seconds = 1_001 + 86_400;
  assertEquals(reigns.all.map(({ lord }) => lord), ["a", "b"]);
  clock.seconds = 2_000 + 86_400;
  assertEquals(reigns.all.map(({ lord }) => lord), ["b"]);
  clock.seconds = 9_999_999;
  assertEquals(reigns.all.map(({ lord }) => lord), ["b"]);
});

Deno.test("lords that come and go are kept 200 times, and counted on", () => {
  const { reigns, note } = setUp();
  for (let n = 0; n < 1_000; n++) note(1_001 + n, n % 2 === 0 ? "a" : "b");
  assertEquals([reigns.all.length, reigns.transitions], [200, 999]);
  assertEquals(reigns.all.at(-1), { lord: "b", since: 2_000 });
});
