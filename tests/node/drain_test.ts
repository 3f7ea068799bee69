import { assertEquals } from "@std/assert";
import { DrainState, drainText } from "../../lib/node/drain.ts";
import { HandClock } from "../lab/hand_clock.ts";

function setUp() {
  const clock = new HandClock();
  const ended: string[] = [];
  const drain = new DrainState(clock, ({ by }) => ended.push(`${by} ${drain.current?.by}`));
  return { clock, ended, drain };
}

Deno.test("a drain that takes the place of another ends at its own time, and only then", () => {
  const { clock, ended, drain } = setUp();
  drain.begin("root", 100);
  drain.begin("eve", 200);
  clock.pass(199);
  assertEquals([ended, drain.current?.by], [[], "eve"]);
  clock.pass(1);
  assertEquals([ended, drain.current, clock.alarms], [["eve undefined"], undefined, 0]);
});

Deno.test("a drain that was ended leaves nothing behind that could end the next", () => {
  const { clock, ended, drain } = setUp();
  drain.begin("root", 100);
  assertEquals([drain.end(), drain.end(), clock.alarms], [true, false, 0]);
  drain.begin("eve", Infinity);
  clock.pass(1_000_000);
  assertEquals([ended, drain.current?.by], [[], "eve"]);
});

Deno.test("by whom and until when is told", () => {
  const { clock, drain } = setUp();
  clock.pass(5_000);
  const { sinceWallMs, untilWallMs } = drain.begin("root", 90_000);
  assertEquals([sinceWallMs, untilWallMs], [5_000, 95_000]);
  assertEquals(drainText(drain.current!), "drained by root until 1970-01-01T00:01:35Z");
  assertEquals(
    drainText(drain.begin("root", Infinity)),
    "drained by root until failover resume",
  );
});
