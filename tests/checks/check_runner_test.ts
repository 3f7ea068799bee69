import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import type { Check, RememberedCheck } from "../../lib/base/check.ts";
import type { ProbeResult, ProbeRun } from "../../lib/checks/probe.ts";
import { CheckRunner } from "../../lib/checks/check_runner.ts";
import { type Clock, systemClock } from "../../lib/base/clock.ts";
import { HandClock } from "../lab/hand_clock.ts";
import { Reported } from "../lab/reported.ts";

const now = () => performance.now();

/** A check whose runs begin and end as the test says. */
function setUp(
  changed: Partial<Check>,
  ask: (run: number) => ProbeRun,
  clock: Clock = systemClock,
  remembered?: RememberedCheck,
) {
  const begun: number[] = [];
  const states: string[] = [];
  const waiting = new Set<() => void>();
  const look = () => [...waiting].forEach((each) => each());
  const check: Check = {
    file: "test.ini",
    line: 3,
    name: "web",
    probe: { kind: "cmd", command: "true", written: "true" },
    intervalMs: 40,
    timeoutMs: 1_000,
    rise: 1,
    fall: 2,
    leader: false,
    ...changed,
  };
  const runner = new CheckRunner({
    check,
    legion: "failover",
    clock,
    remembered,
    changed({ state, output }) {
      states.push(`${state}: ${output}`);
      look();
    },
    ask() {
      begun.push(clock.now().monotonicMs);
      look();
      return ask(begun.length);
    },
  });
  const until = (condition: () => boolean) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const each = () => condition() && resolve();
    waiting.add(each);
    each();
    return promise;
  };
  return { check, runner, begun, states, until };
}

function ended(ok: boolean, output = ok ? "fine" : "bad"): ProbeRun {
  return { result: Promise.resolve({ ok, output }), over: Promise.resolve() };
}

/** A run that takes so long by a clock. */
function lasting(ms: number, clock: Clock): ProbeRun {
  const { promise, resolve } = Promise.withResolvers<ProbeResult>();
  clock.at(clock.now().monotonicMs + ms, () => resolve({ ok: true, output: "" }));
  return { result: promise, over: promise };
}

Deno.test("the first run begins at once, the next an interval after its beginning", async () => {
  const clock = new HandClock();
  const { runner, begun } = setUp({}, () => lasting(15, clock), clock);
  runner.start();
  await clock.passSlowly(200);
  assertEquals(begun, [0, 40, 80, 120, 160, 200]);
  // Of the run at hand; nothing else waits meanwhile.
  assertEquals(clock.alarms, 1);
  await clock.passSlowly(15);
  await runner.close();
  assertEquals(clock.alarms, 0);
});

Deno.test("a run that is late delays the next, and no lateness adds up", async () => {
  const clock = new HandClock();
  const { runner, begun } = setUp({}, () => ended(true), clock);
  runner.start();
  await clock.passSlowly(30);
  // The loop hangs until 65: the run of 40 is late, that of 80 is not.
  clock.pass(35, { hung: true });
  await clock.passSlowly(55);
  assertEquals(begun, [0, 65, 80, 120]);
  // A hang of five intervals is not made up for.
  clock.pass(200, { hung: true });
  await clock.passSlowly(39);
  await runner.close();
  assert(begun.length <= 6, `${begun}`);
});

Deno.test("a run longer than the interval delays the next, and no two run at a time", async () => {
  const clock = new HandClock();
  const { runner, begun } = setUp({ intervalMs: 20 }, () => lasting(50, clock), clock);
  runner.start();
  await clock.passSlowly(199);
  const closed = runner.close();
  // The run at hand is waited for.
  await clock.passSlowly(50);
  await closed;
  assertEquals(begun, [0, 50, 100, 150]);
});

Deno.test("a run that cannot be killed counts as failed each interval, and no other begins", async () => {
  const { promise: over, resolve: gone } = Promise.withResolvers<void>();
  const { runner, begun, states, until } = setUp({ fall: 4 }, (run) => {
    if (run !== 2) return ended(true);
    return { result: Promise.resolve({ ok: false, output: "killed" }), over };
  });
  runner.start();
  await until(() => states.length === 2);
  assertEquals(states, ["passing: fine", "failing: the run before cannot be ended"]);
  assertEquals(begun.length, 2);
  gone();
  await until(() => states.length === 3);
  assertEquals(states[2], "passing: fine");
  await runner.close();
});

Deno.test("what a check is, and what its last run told", async () => {
  const { runner, begun, states, until } = setUp({}, (run) => ended(run !== 2 && run !== 3));
  assertEquals(runner.stats().state, "pending");
  runner.start();
  await until(() => states.length === 2);
  const { since, ...stats } = runner.stats();
  assertEquals(stats, {
    name: "web",
    kind: "cmd",
    line: 3,
    state: "failing",
    output: "bad",
    runs: 3,
  });
  assert(Math.abs(since - Date.now() / 1000) < 5);
  await until(() => begun.length === 4);
  await runner.close();
});

Deno.test("since when a check is in its state is told", async () => {
  const clock = new HandClock();
  const { runner } = setUp({ intervalMs: 1_000 }, (run) => ended(run < 4), clock);
  clock.pass(10_000);
  runner.start();
  await clock.passSlowly(2_000);
  assertEquals([runner.stats().state, runner.stats().since], ["passing", 10]);
  await clock.passSlowly(5_000);
  // The fourth and the fifth run failed.
  assertEquals([runner.stats().state, runner.stats().since], ["failing", 14]);
  await runner.close();
});

Deno.test("a check goes on with its result from before a restart, until the next says otherwise", async () => {
  const before = { name: "web", kind: "cmd", sinceWallMs: 7_000, output: "was well" } as const;
  const remembered = { ...before, state: "passing" } as const;
  const clock = new HandClock();
  clock.pass(10_000);
  const { runner, states } = setUp(
    { fall: 2, intervalMs: 1_000 },
    (run) => {
      return ended(run === 1);
    },
    clock,
    remembered,
  );
  assertEquals(runner.stats(), {
    name: "web",
    kind: "cmd",
    line: 3,
    state: "passing",
    since: 7,
    output: "was well",
    runs: 0,
  });
  assertEquals(runner.result, remembered);
  runner.start();
  await clock.passSlowly(1_500);
  // One success, which changes nothing, and one failure of two.
  assertEquals([states, runner.result], [[], { ...remembered, output: "bad" }]);
  await clock.passSlowly(1_000);
  assertEquals(states, ["failing: bad"]);
  assertEquals([runner.result?.state, runner.result?.sinceWallMs], ["failing", 12_000]);
  await runner.close();
});

Deno.test("a check that is pending has no result to be remembered", () => {
  assertEquals(setUp({}, () => ended(true)).runner.result, undefined);
});

Deno.test("a check that cannot be asked has failed, and is asked again", async () => {
  const { runner, states, until } = setUp({}, (run) => {
    if (run <= 2) throw new Error("broken");
    return ended(true);
  });
  runner.start();
  await until(() => states.length === 2);
  assertEquals(states, ["failing: broken", "passing: fine"]);
  await runner.close();
});

Deno.test("the end of a check waits for what is left of its run", async () => {
  const { promise: over, resolve: gone } = Promise.withResolvers<void>();
  const { runner, begun, until } = setUp({}, () => ({ ...ended(true), over }));
  runner.start();
  await until(() => begun.length === 1);
  let isClosed = false;
  const closed = runner.close().then(() => isClosed = true);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assertEquals(isClosed, false);
  gone();
  await closed;
});

Deno.test("a check that is ended calls its run off and begins no other", async () => {
  const { runner, begun, states, until } = setUp({}, () => ended(true));
  runner.start();
  await until(() => begun.length === 1);
  await runner.close();
  const before = begun.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assertEquals([begun.length, states.length <= 1], [before, true]);
});

Deno.test("at the end a command that hangs is killed", async () => {
  const check: Check = {
    file: "test.ini",
    line: 3,
    name: "disk",
    probe: { kind: "cmd", command: "sleep 60", written: "sleep 60" },
    intervalMs: 1_000,
    timeoutMs: 60_000,
    rise: 1,
    fall: 1,
    leader: false,
  };
  const runner = new CheckRunner({ check, legion: "a", clock: systemClock, changed() {} });
  runner.start();
  const begun = now();
  await runner.close();
  assert(now() - begun < 2_000);
  assertEquals(runner.stats().state, "pending");
});

Deno.test("a check whose run breaks off has failed, and the next run begins", async () => {
  const broken = () => Promise.reject(new Error("a mistake"));
  const { runner, states, until } = setUp({ fall: 1 }, (run) => {
    if (run === 1) return { ...ended(true), result: broken() };
    return run === 2 ? { ...ended(true), over: delay(5).then(broken) } : ended(true);
  });
  runner.start();
  await until(() => states.length === 4);
  await runner.close();
  const failing = "failing: a mistake";
  assertEquals(states, [failing, "passing: fine", failing, "passing: fine"]);
});

Deno.test("an error in telling of a change is reported, and the check can be closed", async () => {
  using reported = new Reported();
  const { check } = setUp({}, () => ended(true));
  const told = Promise.withResolvers<void>();
  const runner = new CheckRunner({
    check,
    legion: "failover",
    clock: systemClock,
    ask: () => ended(true),
    changed() {
      told.resolve();
      throw new Error("a mistake");
    },
  });
  runner.start();
  await told.promise;
  await runner.close();
  assertEquals(reported.messages, ["a mistake"]);
});
