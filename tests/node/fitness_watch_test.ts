import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Check } from "../../lib/base/check.ts";
import type { Reason } from "../../lib/legion/reason.ts";
import { FitnessWatch } from "../../lib/node/fitness_watch.ts";
import { systemClock } from "../../lib/base/clock.ts";

async function setUp(...names: string[]) {
  const folder = await Deno.makeTempDir();
  const lines: string[] = [];
  const told: (readonly Reason[])[] = [];
  const waiting = new Set<() => void>();
  const checks = (...names: string[]) =>
    names.map((name): Check => {
      const command = `cat ${folder}/${name}`;
      const probe = { kind: "cmd", command, written: command } as const;
      const often = { intervalMs: 30, timeoutMs: 5_000, rise: 1, fall: 1 };
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
  });
  return {
    watch,
    checks,
    lines,
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
  watch.refused(["the Robot refuses"]);
  watch.refused(["the Robot refuses"]);
  assertEquals(watched.last(), [
    { kind: "unfit", why: "check web has not passed yet" },
    { kind: "refused", why: "the Robot refuses" },
  ]);
  assertEquals(watched.whys().length, 2);
  watch.refused([]);
  assertEquals(watched.last().map(({ kind }) => kind), ["unfit"]);
});
