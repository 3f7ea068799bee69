import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Check } from "../../lib/base/check.ts";
import type { Unfitness } from "../../lib/legion/fitness.ts";
import { FitnessWatch } from "../../lib/node/fitness_watch.ts";
import { systemClock } from "../../lib/base/clock.ts";

async function setUp(...names: string[]) {
  const folder = await Deno.makeTempDir();
  const lines: string[] = [];
  const told: (Unfitness | undefined)[] = [];
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
    tell(unfitness) {
      told.push(unfitness);
      for (const look of waiting) look();
    },
  });
  return {
    watch,
    checks,
    lines,
    /** Why it was said to be unfit; "fit" where it was not. */
    whys: () => told.map((unfitness) => unfitness?.why ?? "fit"),
    last: () => told.at(-1),
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

Deno.test("without checks a node is fit from the start", async () => {
  await using watched = await setUp();
  watched.watch.start();
  assertEquals([watched.whys(), watched.watch.checks], [[], []]);
});

Deno.test("a node is unfit until all its checks have passed, and while one of them fails", async () => {
  await using watched = await setUp("web", "db");
  await watched.set("web", "well");
  watched.watch.start();
  assertEquals(watched.whys(), ["check web has not passed yet; check db has not passed yet"]);
  await watched.until(2);
  // The one that passes and the one that fails may come in any order.
  await watched.set("db", "well");
  while (watched.last() !== undefined) await watched.until(watched.whys().length + 1);
  await watched.clear("web");
  await watched.until(watched.whys().length + 1);
  assert(/^check web fails: exit status 1: cat: .*No such file/.test(watched.last()?.why ?? ""));
  assertEquals(watched.last()?.planned, false);
  assert(watched.lines.includes("info check web passes: well"), watched.lines.join("\n"));
  assert(watched.lines.some((line) => line.startsWith("warn check web fails: exit status 1: cat")));
});

Deno.test("a drained node is unfit until it is resumed", async () => {
  await using watched = await setUp();
  const { watch } = watched;
  watch.start();
  watch.drain("root", Infinity);
  const why = "drained by root until failover resume";
  assertEquals(watched.last(), { why, planned: true });
  assertEquals(watch.drained?.by, "root");
  assertEquals([watch.resume("eve"), watch.resume("eve")], [true, false]);
  assertEquals([watch.drained, watched.last()], [undefined, undefined]);
  assertEquals(watched.lines, [`info ${why}`, "info resumed by eve"]);
});

Deno.test("a drain for a while ends by itself", async () => {
  await using watched = await setUp();
  watched.watch.start();
  const begun = performance.now();
  watched.watch.drain("root", 100);
  watched.watch.drain("eve", 50);
  await watched.until(3);
  assert(performance.now() - begun < 100);
  const [root, eve, fit] = watched.whys();
  assertMatch(root, /^drained by root until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assertMatch(eve, /^drained by eve until 2/);
  assertEquals(fit, "fit");
  assertEquals(watched.lines.at(-1), "info the drain by eve is over");
});

Deno.test("a service that is stopped while its node is drained keeps it out after that", async () => {
  await using watched = await setUp("web");
  await watched.set("web", "well");
  watched.watch.start();
  await watched.until(2);
  watched.watch.drain("root", 60_000);
  await watched.clear("web");
  await watched.until(4);
  assertMatch(watched.last()?.why ?? "", /^drained by root until 2\S+Z; check web fails: /);
  assertEquals(watched.last()?.planned, true);
  watched.watch.resume("root");
  assertEquals(watched.last()?.planned, false);
  await watched.set("web", "well");
  await watched.until(6);
  assertEquals(watched.whys().at(-1), "fit");
});

Deno.test("a reload alone makes no fit node unfit, and what a new check says does", async () => {
  await using watched = await setUp("web");
  const { watch, checks } = watched;
  await watched.set("web", "well");
  watch.start();
  await watched.until(2);
  watch.replace([...checks("db"), ...checks("web").map((check) => ({ ...check, line: 9 }))]);
  assertEquals(watched.whys(), ["check web has not passed yet", "fit"]);
  assertEquals(watch.checks.map(({ name, line }) => `${name} ${line}`), ["db 3", "web 9"]);
  assertEquals(watch.checks[1].state, "passing");
  await watched.until(3);
  assert(/^check db fails: /.test(watched.whys()[2]), watched.whys()[2]);
  watch.replace(checks("web"));
  assertEquals(watched.whys()[3], "fit");
});

Deno.test("a node that is not fit stays so at a reload, until its new check has passed", async () => {
  await using watched = await setUp("web");
  const { watch, checks } = watched;
  watch.start();
  await watched.until(2);
  watch.replace(checks("db"));
  assertEquals(watched.last()?.why, "check db has not passed yet");
  await watched.set("db", "well");
  while (watched.last() !== undefined) await watched.until(watched.whys().length + 1);
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
