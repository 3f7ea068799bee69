import { assertEquals } from "@std/assert";
import { secondsWith, stepsOf, without } from "./lords_over_time.ts";

const two = (lords: number) => lords > 1;
const none = (lords: number) => lords === 0;

Deno.test("reigns that overlap are counted for as long as they do, within the span", () => {
  const steps = stepsOf([
    { fromMs: 0, toMs: 5_000 },
    { fromMs: 4_000, toMs: 9_000 },
    { fromMs: 8_000, toMs: Infinity },
  ]);
  assertEquals(secondsWith(steps, { fromMs: 0, toMs: 20_000 }, two), 2);
  assertEquals(secondsWith(steps, { fromMs: 4_500, toMs: 8_250 }, two), 0.75);
});

Deno.test("a reign that begins as another ends is no overlap", () => {
  const steps = stepsOf([{ fromMs: 2_000, toMs: 3_000 }, { fromMs: 1_000, toMs: 2_000 }]);
  assertEquals(secondsWith(steps, { fromMs: 0, toMs: 9_000 }, two), 0);
  assertEquals(secondsWith(steps, { fromMs: 0, toMs: 9_000 }, none), 7);
});

Deno.test("without any reign there is no lord all the time", () => {
  assertEquals(secondsWith(stepsOf([]), { fromMs: 1_000, toMs: 4_000 }, none), 3);
});

Deno.test("a sample counts until the next one", () => {
  const samples = [{ atMs: 0, lords: 1 }, { atMs: 10, lords: 2 }, { atMs: 20, lords: 1 }];
  assertEquals(secondsWith(samples, { fromMs: 0, toMs: 1_000 }, two), 0.01);
});

Deno.test("what lies within the span left out is cut from a reign", () => {
  const reigns = [{ fromMs: 0, toMs: 10 }, { fromMs: 20, toMs: Infinity }];
  assertEquals(without(reigns, { fromMs: 5, toMs: 30 }), [
    { fromMs: 0, toMs: 5 },
    { fromMs: 30, toMs: Infinity },
  ]);
  assertEquals(without(reigns, { fromMs: 12, toMs: 15 }), reigns);
  assertEquals(without(reigns, { fromMs: Infinity, toMs: 15 }), reigns);
  assertEquals(without(reigns, { fromMs: 3, toMs: 5 })[1], { fromMs: 5, toMs: 10 });
});
