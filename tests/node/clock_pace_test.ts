import { assertEquals } from "@std/assert";
import { ClockPace } from "../../lib/node/clock_pace.ts";

/** The pace told of a member heard each second for so long, whose clock runs at this rate. */
function paceAfter(seconds: number, rate: number, set: (second: number) => number = () => 0) {
  const pace = new ClockPace();
  for (let second = 0; second <= seconds; second++) {
    const lateMs = (second * 7) % 40;
    const unix = 1_700_000_000 + Math.floor(second * rate + set(second) + 0.3);
    pace.hear("b", unix, second * 1000 + lateMs);
  }
  return pace.of("b");
}

const table: [what: string, pace: number, least: number, most: number][] = [
  ["a clock like this one's", paceAfter(130, 1), 0, 0],
  ["for ten minutes and more", paceAfter(3_000, 1), 0, 0],
  ["half a percent off", paceAfter(599, 1.005), 0.2, 0.5],
  ["10 % faster", paceAfter(130, 1.1), 8, 10],
  ["10 % slower", paceAfter(130, 0.9), -10, -8],
  ["10 % faster, for too short a time to tell", paceAfter(100, 1.1), 0, 0],
  ["set by an hour", paceAfter(130, 1, (second) => second < 60 ? 0 : 3600), 0, 0],
  ["set back by a minute", paceAfter(700, 1, (second) => second < 690 ? 60 : 0), 0, 0],
  ["set by a second and a half", paceAfter(590, 1, (second) => second < 300 ? 0 : 1.5), 0, 0.2],
  [
    "faster since not long ago",
    paceAfter(900, 1, (second) => Math.max(0, second - 601) / 5),
    15,
    20,
  ],
  ["faster, and told while the next span is short", paceAfter(650, 1.1), 9, 10],
];

for (const [what, pace, least, most] of table) {
  Deno.test(`the pace of a clock: ${what}`, () => {
    assertEquals([pace >= least, pace <= most], [true, true], `${pace}`);
  });
}

Deno.test("members that are not known have no pace, and those that left are forgotten", () => {
  const pace = new ClockPace();
  assertEquals(pace.of("b"), 0);
  pace.hear("b", 0, 0);
  pace.hear("b", 200, 100_000);
  pace.hear("b", 400, 200_000);
  // Each of these was a step: the clock was set.
  assertEquals(pace.of("b"), 0);
  for (let second = 0; second < 300; second++) pace.hear("c", second * 2, second * 1000);
  assertEquals(pace.of("c") > 90, true);
  pace.keepOnly(new Set(["b"]));
  assertEquals(pace.of("c"), 0);
});

Deno.test("no more than 1,000 clocks are kept, however many uuids are heard", () => {
  const pace = new ClockPace();
  for (let second = 0; second < 300; second++) pace.hear("b", second * 2, second * 1000);
  for (let index = 0; index < 999; index++) pace.hear(`${index}`, 0, 0);
  assertEquals(pace.of("b") > 90, true);
  pace.hear("one more", 0, 0);
  assertEquals(pace.of("b"), 0);
});
