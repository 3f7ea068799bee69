// Work that is planned: drain, resume, handover and promote; and who is lord when a node returns.
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { LegionStats } from "../../lib/status/report.ts";
import { isLord, running, setUp } from "../lab/three_nodes.ts";

Deno.test("drain waits for the other to have the address; resume gives it back", async () => {
  await using legion = await setUp();
  legion.robot.switchMs = 500;
  const [a, b] = await running(legion);
  const drained = await legion.ask(0, "drain", "--for", "10m");
  assertEquals(drained.code, 0, drained.err);
  assertMatch(
    drained.out,
    /^web2 is lord of failover; this node stays out for 600 s \(\d+\.\d s\)\n$/,
  );
  assertEquals(legion.robot.activeServerIp("4.4.4.4"), "2.2.2.2");
  await b.line(isLord);
  await a.line(/info {2}failover: drained by eve until 2\S+Z$/);
  const stats = await legion.stats(0);
  assertEquals([stats.state, stats.drained?.by], ["unfit", "eve"]);
  assert(Math.abs((stats.drained?.until ?? 0) - Date.now() / 1000 - 600) < 20);
  const check = await legion.ask(0, "status", "--check");
  assertEquals(check.code, 1);
  assertMatch(check.out, /out of the legion: drained by eve until 2\S+Z/);

  const from = a.lines.length;
  const resumed = await legion.ask(0, "resume");
  assertEquals([resumed.code, resumed.out], [0, "failover: resumed, was drained by eve\n"]);
  await a.line(isLord, from);
  assertEquals((await legion.ask(0, "resume")).out, "failover: was not drained\n");
  assertEquals(legion.posts(), ["1.1.1.1", "2.2.2.2", "1.1.1.1"]);
});

Deno.test("drain: nobody is there to take over: 75, and the lord stays lord", async () => {
  await using legion = await setUp();
  const [a, b, judge] = await running(legion);
  await b.end("SIGKILL");
  await a.line(/web2 was silent/);
  const refused = await legion.ask(0, "drain", "--timeout", "1");
  assertEquals(refused.code, 75);
  assertMatch(refused.err, /nobody could take failover over: 1 present without web1, 2 needed/);
  await judge.end("SIGTERM");
  assert(!a.lines.some((line) => /drained/.test(line)));
});

Deno.test("drain: the lord needs this node's vote: 75, and nothing is done", async () => {
  await using legion = await setUp();
  const [a, b, judge] = await running(legion);
  await judge.end("SIGKILL");
  await a.line(/judge was silent/);
  const refused = await legion.ask(1, "drain");
  assertEquals([refused.code, refused.err], [
    75,
    "failover drain: failover would have no lord: 1 present without web2, 2 needed; " +
    "nothing was done\n",
  ]);
  assert(!b.lines.some((line) => /drained/.test(line)));
  const forced = await legion.ask(1, "drain", "--force", "--timeout", "1");
  // Either the lord that it took the vote from is seen once more, or it is none any more by then.
  const [code, said] = /is lord/.test(forced.out) ? [0, forced.out] : [75, forced.err];
  assertEquals(forced.code, code);
  assertMatch(said, /(web1 is lord of failover|no other node is lord); this node stays out until/);
  await b.line(/drained/);
  await a.line(/no longer the lord/);
});

for (const force of [false, true]) {
  const args = ["drain", "--for", "0.5", "--timeout", "60", ...force ? ["--force"] : []];
  Deno.test(`${args.join(" ")}: it waits no longer than the drain lasts`, async () => {
    await using legion = await setUp(undefined, [20, 0, 0]);
    const nodes = await legion.runAll();
    await nodes[0].line(isLord);
    const begun = performance.now();
    const { code, err } = await legion.ask(0, ...args);
    assert(performance.now() - begun < 20_000);
    assertEquals([code, err], [
      75,
      "failover drain: nobody took over: failover: this node is no longer drained; " +
      "this node is resumed\n",
    ]);
  });
}

for (const force of [false, true]) {
  const then = force ? "with --force it stays out" : "it is resumed";
  Deno.test(`drain: nobody takes over in time: 75, and ${then}`, async () => {
    // There are votes enough, and nobody who may be lord.
    await using legion = await setUp(undefined, [20, 0, 0]);
    const nodes = await legion.runAll();
    await nodes[0].line(isLord);
    const from = nodes[0].lines.length;
    const args = ["drain", "--timeout", "0.5", "--json", ...force ? ["--force"] : []];
    const late = await legion.ask(0, ...args);
    assertEquals(late.code, 75, late.err);
    const { outcome, message } = JSON.parse(late.out);
    const rest = force ? "this node stays out until failover resume" : "this node is resumed";
    assertEquals([outcome, message], [
      "nobody took over",
      `nobody took over: failover: no other node is lord; ${rest}`,
    ]);
    if (force) {
      assertEquals((await legion.stats(0)).state, "unfit");
      // A drain of before is not ended by another's drain or handover.
      const again = await legion.ask(0, "drain", "--timeout", "0.5");
      assertEquals(again.code, 75);
      assertMatch(again.err, /no other node is lord; this node stays out until failover resume\n$/);
      const handed = await legion.ask(0, "handover");
      assertEquals([handed.code, handed.err], [
        1,
        "failover handover: failover is drained by eve already: see failover resume\n",
      ]);
      assertEquals((await legion.stats(0)).state, "unfit");
      assertEquals(await nodes[0].end("SIGTERM"), 0);
    } else await nodes[0].line(isLord, from);
  });
}

Deno.test("drain: Ctrl-C while it waits resumes the node", async () => {
  await using legion = await setUp(undefined, [20, 0, 0]);
  const nodes = await legion.runAll();
  await nodes[0].line(isLord);
  const from = nodes[0].lines.length;
  const drain = legion.use(legion.begin(0, "drain"));
  await nodes[0].line(/drained by eve/, from);
  assertEquals(await drain.end("SIGINT"), 75);
  assertEquals(drain.lines, ["failover drain: interrupted; this node is resumed"]);
  await nodes[0].line(/resumed by eve/, from);
});

Deno.test("handover: the other is lord, and this node is back, held back by legion-failback", async () => {
  await using legion = await setUp(() => "legion-failback = failover manual");
  const [a] = await running(legion);
  const handed = await legion.ask(0, "handover");
  assertEquals([handed.code, handed.err], [0, ""]);
  assertMatch(handed.out, /^web2 is lord of failover; this node is resumed \(\d+\.\d s\)\n$/);
  await legion.until(0, "it to hold back", (own) => own.state === "follower" && own.holds_back);
  const again = await legion.ask(0, "handover");
  assertEquals([again.code, again.out.slice(0, 40)], [
    0,
    "web2 is lord of failover; nothing to do ",
  ]);

  const wrong = await legion.ask(1, "promote");
  assertEquals(wrong.code, 1);
  assertMatch(wrong.err, /^failover promote: failover: it does not hold back: .* own valor 10\n$/);
  const from = a.lines.length;
  const promoted = await legion.ask(0, "promote");
  assertEquals([promoted.code, promoted.out], [0, "failover: web1 takes its own valor\n"]);
  await a.line(/promoted by eve/, from);
  await a.line(isLord, from);
  assertEquals(legion.posts(), ["1.1.1.1", "2.2.2.2", "1.1.1.1"]);
});

Deno.test("handover with an immediate fail-back says what will happen", async () => {
  await using legion = await setUp();
  const [a] = await running(legion);
  const from = a.lines.length;
  const handed = await legion.ask(0, "handover");
  assertEquals(handed.code, 0);
  assertMatch(handed.err, /^note: this node outranks web2 and takes failover back at once/);
  await a.line(isLord, from);
});

Deno.test("without a node the commands say so, with exit status 1", async () => {
  await using legion = await setUp();
  const node = await legion.run(0);
  await node.end("SIGTERM");
  for (const command of ["drain", "resume", "handover", "promote"]) {
    const { code, err } = await legion.ask(0, command);
    assertEquals(code, 1);
    assertMatch(err, RegExp(`^failover ${command}: no node of this configuration runs here`));
  }
});

const returns: [failback: string, condition: (legion: LegionStats) => boolean][] = [
  ["immediate", ({ state }) => state === "lord"],
  ["delay 0.5", ({ state }) => state === "lord"],
  ["manual", ({ state, holds_back }) => state === "follower" && holds_back],
];

Deno.test("a higher valor that returns: at once, after a delay, or not until it is told", async () => {
  await Promise.all(returns.map(async ([failback, condition]) => {
    await using legion = await setUp(() => `legion-failback = failover ${failback}`);
    const [a, b] = await running(legion);
    await a.end("SIGKILL");
    await b.line(isLord);
    await legion.run(0);
    await legion.until(0, `the return with failback ${failback}`, condition);
    const holdsBack = failback === "manual";
    const lord = holdsBack ? "web2" : "web1";
    await legion.until(1, `it to see ${lord}`, ({ lords }) => lords.join() === lord);
    assertEquals(legion.posts(), ["1.1.1.1", "2.2.2.2", ...holdsBack ? [] : ["1.1.1.1"]]);
  }));
});
