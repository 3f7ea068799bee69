import { assertEquals } from "@std/assert";
import { allAtMost, both, exactly, medianAtMost } from "../../scripts/bench/limits.ts";
import type { Row } from "../../scripts/bench/section.ts";
import { median } from "../../scripts/bench/statistics.ts";
import { benchTable, holds } from "../../scripts/bench/table.ts";

Deno.test("the median is the middle, or between the two in the middle, in whatever order", () => {
  assertEquals(median([10, 9, 2]), 9);
  assertEquals(median([4, 1, 3, 2]), 2.5);
  assertEquals(median([]), NaN);
});

const stop: Row = {
  what: "SIGTERM → POST",
  setting: "1/3",
  figures: [
    { contender: "failover", unit: "s", samples: [0.03, 0.01, 0.012] },
    { contender: "keepalived", unit: "s", samples: [0.43, Infinity, 0.44] },
  ],
  limit: medianAtMost(0.02, "s"),
};

Deno.test("a table has a column for each contender that was measured, with median and range", () => {
  const memory: Row = {
    what: "memory",
    setting: "",
    figures: [{ contender: "failover", unit: "MiB", samples: [60.25, 71] }],
    limit: allAtMost(64, "MiB"),
  };
  assertEquals(
    benchTable([stop, memory]),
    `\
| what           | setting | failover              | keepalived            | to be           | holds |
| -------------- | ------- | --------------------- | --------------------- | --------------- | ----- |
| SIGTERM → POST | 1/3     | 0.012 s (0.010–0.030) | 0.440 s (0.430–never) | median ≤ 0.02 s | yes   |
| memory         |         | 65.6 MiB (60.3–71)    |                       | ≤ 64 MiB        | NO    |
`,
  );
});

Deno.test("a limit is about our own figures, and what has none neither holds nor fails", () => {
  assertEquals(holds(stop), true);
  assertEquals(
    holds({ ...stop, limit: both(medianAtMost(0.02, "s"), allAtMost(0.025, "s")) }),
    false,
  );
  assertEquals(holds({ ...stop, limit: undefined }), undefined);
  assertEquals(holds({ ...stop, figures: stop.figures.slice(1) }), undefined);
  assertEquals(exactly(1).holds([1, 1]), true);
  assertEquals(exactly(1).holds([1, 2]), false);
});
