import { assert, assertEquals, assertMatch } from "@std/assert";
import { delay } from "@std/async/delay";
import type { Check } from "../../lib/base/check.ts";
import type { Reason } from "../../lib/legion/reason.ts";
import { FitnessWatch, type ServiceBefore } from "../../lib/node/fitness_watch.ts";
import type { RememberedService } from "../../lib/node/memory/memory.ts";
import { systemClock } from "../../lib/base/clock.ts";

async function setUp(...names: string[]) {
  return await setUpAfter(undefined, ...names);
}

/** Sets up a node whose process was started again. */
async function setUpAfter(before: ServiceBefore | undefined, ...names: string[]) {
  const folder = await Deno.makeTempDir();
  const lines: string[] = [];
  const told: (readonly Reason[])[] = [];
  const notes: RememberedService[] = [];
  const waiting = new Set<() => void>();
  const checks = (...names: string[]) =>
    names.map((name): Check => {
      const leader = name === "leader";
      const command = `cat ${folder}/${name}`;
      const probe = { kind: "cmd", command, written: command } as const;
      const often = { intervalMs: 30, timeoutMs: 5_000, rise: 1, fall: 1, leader };
      return { file: "test.ini", line: 3, name, probe, ...often };
    });
  const watch = new FitnessWatch({
    legion: "failover",
    checks: checks(...names),
    clock: systemClock,
    log: (level, message) => void lines.push(`${level} ${message}`),
    tell(reasons) {
      told.push(reasons);
      for (const look of waiting) look();
    },
    before,
    note: (service) => void notes.push(service),
  });
  return {
    watch,
    checks,
    lines,
    notes,
    /** The reasons told each time, as one text; "none" where there were none. */
    whys: () => told.map((reasons) => reasons.map(({ why }) => why).join("; ") || "none"),
    last: () => told.at(-1) ?? [],
    until: (count: number) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => told.length >= count && resolve();
      waiting.add(look);
      look();
      return promise;
    },
    set: (name: string, text: string) => Deno.writeTextFile(`${folder}/${name}`, text),
    clear: (name: string) => Deno.remove(`${folder}/${name}`),
    async [Symbol.asyncDispose]() {
      await watch.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test("without checks a node may be lord from the start", async () => {
  await using watched = await setUp();
  watched.watch.start();
  assertEquals([watched.whys(), watched.watch.checks], [[], []]);
});

Deno.test("a node may not be lord until all its checks have passed, and while one of them fails", async () => {
  await using watched = await setUp("web", "db");
  await watched.set("web", "well");
  watched.watch.start();
  assertEquals(watched.whys(), ["check web has not passed yet; check db has not passed yet"]);
  await watched.until(2);
  // The one that passes and the one that fails may come in any order.
  await watched.set("db", "well");
  while (watched.last().length > 0) await watched.until(watched.whys().length + 1);
  await watched.clear("web");
  await watched.until(watched.whys().length + 1);
  assert(/^check web fails: exit status 1: cat: .*No such file/.test(watched.last()[0].why));
  assertEquals(watched.last()[0].kind, "unfit");
  assert(watched.lines.includes("info check web passes: well"), watched.lines.join("\n"));
  assert(watched.lines.some((line) => line.startsWith("warn check web fails: exit status 1: cat")));
});

Deno.test("a check that asks who leads says so, and its failure is no warning", async () => {
  await using watched = await setUp("leader");
  await watched.set("leader", "here");
  watched.watch.start();
  assertEquals(watched.last().map(({ kind }) => kind), ["not leader"]);
  await watched.until(2);
  await watched.clear("leader");
  await watched.until(3);
  assertEquals(watched.last().map(({ kind }) => kind), ["not leader"]);
  assert(watched.lines.some((line) => line.startsWith("info check leader fails: exit status 1")));
});

Deno.test("a drained node may not be lord until it is resumed", async () => {
  await using watched = await setUp();
  const { watch } = watched;
  watch.start();
  watch.drain("root", Infinity);
  const why = "drained by root until failover resume";
  assertEquals(watched.last(), [{ kind: "drained", why }]);
  assertEquals(watch.drained?.by, "root");
  assertEquals([watch.resume("eve"), watch.resume("eve")], [true, false]);
  assertEquals([watch.drained, watched.last()], [undefined, []]);
  assertEquals(watched.lines, [`info ${why}`, "info resumed by eve"]);
});

Deno.test("a drain for a while ends by itself", async () => {
  await using watched = await setUp();
  watched.watch.start();
  const begun = performance.now();
  watched.watch.drain("root", 100);
  watched.watch.drain("eve", 50);
  const [{ untilMs = 0 }] = watched.last();
  assert(untilMs - begun >= 50 && untilMs - begun < 100, `${untilMs - begun}`);
  await watched.until(3);
  assert(performance.now() - begun < 100);
  assertEquals(watched.whys(), ["drained by root", "drained by eve", "none"]);
  assertMatch(watched.lines[0], /^info drained by root until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assertEquals(watched.lines.at(-1), "info the drain by eve is over");
});

Deno.test("a service that is stopped while its node is drained keeps it back after that", async () => {
  await using watched = await setUp("web");
  await watched.set("web", "well");
  watched.watch.start();
  await watched.until(2);
  watched.watch.drain("root", 60_000);
  await watched.clear("web");
  await watched.until(4);
  assertMatch(watched.whys()[3], /^drained by root; check web fails: /);
  assertEquals(watched.last().map(({ kind }) => kind), ["drained", "unfit"]);
  watched.watch.resume("root");
  assertEquals(watched.last().map(({ kind }) => kind), ["unfit"]);
  await watched.set("web", "well");
  await watched.until(6);
  assertEquals(watched.whys().at(-1), "none");
});

Deno.test("a reload alone keeps no node back, and what a new check says does", async () => {
  await using watched = await setUp("web");
  const { watch, checks } = watched;
  await watched.set("web", "well");
  watch.start();
  await watched.until(2);
  watch.replace([...checks("db"), ...checks("web").map((check) => ({ ...check, line: 9 }))]);
  assertEquals(watched.whys(), ["check web has not passed yet", "none"]);
  assertEquals(watch.checks.map(({ name, line }) => `${name} ${line}`), ["db 3", "web 9"]);
  assertEquals(watch.checks[1].state, "passing");
  await watched.until(3);
  assert(/^check db fails: /.test(watched.whys()[2]), watched.whys()[2]);
  watch.replace(checks("web"));
  assertEquals(watched.whys()[3], "none");
});

Deno.test("a node that may not be lord stays so at a reload, until its new check has passed", async () => {
  await using watched = await setUp("web");
  const { watch, checks } = watched;
  watch.start();
  await watched.until(2);
  watch.replace(checks("db"));
  assertEquals(watched.last()[0].why, "check db has not passed yet");
  await watched.set("db", "well");
  while (watched.last().length > 0) await watched.until(watched.whys().length + 1);
});

Deno.test("after its end nothing drains a node, and no check begins", async () => {
  const watched = await setUp();
  await watched[Symbol.asyncDispose]();
  watched.watch.drain("root", 60_000);
  watched.watch.replace(watched.checks("web"));
  assertEquals([watched.watch.drained, watched.watch.checks, watched.whys()], [undefined, [], []]);
});

Deno.test("a check that a reload takes out runs no more", async () => {
  await using watched = await setUp("web");
  watched.watch.start();
  await watched.until(2);
  watched.watch.replace([]);
  await watched.set("web", "well");
  // The check would run every 30 ms.
  await new Promise((resolve) => setTimeout(resolve, 150));
  assertEquals(watched.lines.filter((line) => line.includes("check web passes")), []);
});

Deno.test("a drain for a while does not outlast its node", async () => {
  const watched = await setUp();
  watched.watch.start();
  watched.watch.drain("root", 50);
  await watched[Symbol.asyncDispose]();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assertEquals(watched.lines.filter((line) => line.includes("is over")), []);
});

Deno.test("a login that is refused keeps a node back until it is no longer", async () => {
  await using watched = await setUp("web");
  const { watch } = watched;
  watch.start();
  const login = { provider: "hetzner-robot", ips: ["4.4.4.4"], failedWallMs: 1_000 };
  watch.refused([{ ...login, why: "the Robot refuses" }]);
  watch.refused([{ ...login, why: "the Robot refuses" }]);
  assertEquals(watched.last(), [
    { kind: "unfit", why: "check web has not passed yet" },
    { kind: "refused", why: "the Robot refuses" },
  ]);
  assertEquals(watched.whys().length, 2);
  assertEquals(watched.notes.map(({ refused }) => refused), [[], [login]]);
  watch.refused([]);
  assertEquals(watched.last().map(({ kind }) => kind), ["unfit"]);
});

const passing = (name: string) =>
  ({ name, kind: "cmd", state: "passing", sinceWallMs: 1_000, output: "was well" }) as const;
const failing = (name: string) => ({ ...passing(name), state: "failing", output: "bad" }) as const;

Deno.test("a check that passed before a restart keeps the node back for no moment", async () => {
  await using watched = await setUpAfter({ checks: [passing("web")], stood: true }, "web");
  await watched.set("web", "well");
  watched.watch.start();
  assertEquals([watched.whys(), watched.watch.checks[0].state], [[], "passing"]);
  await watched.clear("web");
  await watched.until(1);
  assertMatch(watched.whys()[0], /^check web fails: exit status 1/);
});

Deno.test("a check that failed before a restart keeps the node back until it has risen", async () => {
  await using watched = await setUpAfter({ checks: [failing("web")], stood: false }, "web");
  await watched.set("web", "well");
  watched.watch.start();
  await watched.until(2);
  assertEquals(watched.whys(), ["check web fails: bad", "none"]);
});

Deno.test("a check that is new at a restart counts once it has passed or failed, for one that stood", async () => {
  await using watched = await setUpAfter({ checks: [passing("web")], stood: true }, "web", "db");
  await watched.set("web", "well");
  watched.watch.start();
  assertEquals(watched.whys(), []);
  await watched.until(1);
  assertMatch(watched.whys()[0], /^check db fails: /);
});

Deno.test("a node that stood back before its restart waits for checks that are new", async () => {
  await using watched = await setUpAfter({ checks: [passing("web")], stood: false }, "web", "db");
  watched.watch.start();
  assertEquals(watched.whys(), ["check db has not passed yet"]);
});

Deno.test("a result is that of a check of the same name and kind, and of one alone", async () => {
  const http = { ...failing("web"), kind: "http" } as const;
  const before = { checks: [http, passing("web")], stood: false };
  await using watched = await setUpAfter(before, "web", "web");
  assertEquals(watched.watch.checks.map(({ state }) => state), ["passing", "pending"]);
});

Deno.test("results are noted when one has changed, and not at each run", async () => {
  await using watched = await setUp("web");
  await watched.set("web", "well");
  watched.watch.start();
  assertEquals(watched.notes, [{ checks: [], drain: undefined, refused: [] }]);
  await watched.until(2);
  while (watched.watch.checks[0].runs < 4) await delay(10);
  assertEquals(watched.notes.map(({ checks }) => checks.map(({ state }) => state)), [[], [
    "passing",
  ]]);
  await watched.clear("web");
  await watched.until(3);
  assertEquals(watched.notes[2].checks[0].state, "failing");
  watched.watch.replace([]);
  assertEquals(watched.notes[3], { checks: [], drain: undefined, refused: [] });
});

Deno.test("a drain is noted when it begins and ends, and not at the end of the process", async () => {
  const watched = await setUp();
  const { watch, notes } = watched;
  watch.start();
  watch.drain("root", 60_000);
  watch.resume("root");
  watch.drain("eve", 20);
  await watched.until(4);
  watch.drain("ann", Infinity);
  await watched[Symbol.asyncDispose]();
  assertEquals(notes.map(({ drain }) => drain?.by), [
    undefined,
    "root",
    undefined,
    "eve",
    undefined,
    "ann",
  ]);
});

const drain = { by: "ann", sinceWallMs: 1_000, untilWallMs: Infinity };

Deno.test("a drain from before a restart keeps the node back", async () => {
  await using watched = await setUpAfter({ checks: [], drain, stood: false });
  watched.watch.start();
  assertEquals(watched.last()[0].why, "drained by ann until failover resume");
  assertEquals(watched.lines, [
    "info drained by ann until failover resume (from before the restart)",
  ]);
  assertEquals(watched.notes, [{ checks: [], drain, refused: [] }]);
  assertEquals(watched.watch.resume("eve"), true);
});

Deno.test("a drain that ended during a restart is told to be over", async () => {
  const over = { ...drain, untilWallMs: 2_000, untilMs: -5_000 };
  await using watched = await setUpAfter({ checks: [], drain: over, stood: false });
  watched.watch.start();
  assertEquals([watched.whys(), watched.lines], [[], ["info the drain by ann is over"]]);
  assertEquals(watched.notes, [{ checks: [], drain: undefined, refused: [] }]);
});
