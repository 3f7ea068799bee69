import { assertEquals } from "@std/assert";
import { type Drain, DrainState, drainText } from "../../lib/node/drain.ts";
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

function resumed(before: Partial<Drain>, awayMs = 0) {
  const clock = new HandClock();
  clock.pass(10_000);
  const ended: string[] = [];
  const usual = { by: "root", sinceWallMs: 5_000, untilWallMs: 60_000, untilMs: 60_000 };
  clock.pass(awayMs);
  const drain = new DrainState(clock, ({ by }) => ended.push(by), { ...usual, ...before });
  return { clock, ended, drain };
}

Deno.test("a drain from before a restart goes on until its end", () => {
  const { clock, ended, drain } = resumed({});
  assertEquals([drain.current?.by, drain.current?.sinceWallMs], ["root", 5_000]);
  clock.pass(49_999);
  assertEquals([ended, drain.current?.by], [[], "root"]);
  clock.pass(1);
  assertEquals([ended, drain.current, clock.alarms], [["root"], undefined, 0]);
});

Deno.test("a drain from before a restart without an end has none", () => {
  const { clock, ended, drain } = resumed({ untilWallMs: Infinity, untilMs: undefined });
  clock.pass(1_000_000_000);
  assertEquals([ended, drain.current?.by, drain.end()], [[], "root", true]);
});

Deno.test("a drain that ended during a restart is over, whichever clock says so", () => {
  for (
    const [before, awayMs] of [
      [{}, 50_000],
      [{ untilMs: 10_000 }, 0],
      [{ untilWallMs: 9_000 }, 0],
    ] as const
  ) {
    const { clock, ended, drain } = resumed(before, awayMs);
    assertEquals([drain.current, drain.end(), clock.alarms, ended], [undefined, false, 0, []]);
  }
});

Deno.test("a drain from before a restart ends at the time of day that was told", () => {
  const { clock, ended, drain } = resumed({ untilWallMs: 20_000 });
  assertEquals(drain.current?.untilMs, 20_000);
  clock.pass(10_000);
  assertEquals(ended, ["root"]);
});
