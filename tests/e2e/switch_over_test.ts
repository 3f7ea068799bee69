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
    /^web2 is lord of failover; this node stands back for 600 s \(\d+\.\d s\)\n$/,
  );
  assertEquals(legion.robot.activeServerIp("4.4.4.4"), "2.2.2.2");
  await b.line(isLord);
  await a.line(/info {2}failover: drained by eve until 2\S+Z$/);
  const stats = await legion.stats(0);
  assertEquals([stats.state, stats.drained?.by], ["stands back", "eve"]);
  assert(Math.abs((stats.drained?.until ?? 0) - Date.now() / 1000 - 600) < 20);
  const check = await legion.ask(0, "status", "--check");
  assertEquals(check.code, 1);
  assertMatch(check.out, /stands back: drained by eve, until 2\S+Z/);

  const from = a.lines.length;
  const resumed = await legion.ask(0, "resume");
  assertEquals([resumed.code, resumed.out], [0, "failover: resumed, was drained by eve\n"]);
  await a.line(isLord, from);
  assertEquals((await legion.ask(0, "resume")).out, "failover: was not drained\n");
  // Before it gives the title away a lord asks whether the address may be moved.
  assertEquals(legion.posts(), ["1.1.1.1", "1.1.1.1", "2.2.2.2", "1.1.1.1"]);
});

Deno.test("drain: two of three are enough, since a drained node goes on voting", async () => {
  await using legion = await setUp();
  const [a, b, judge] = await running(legion);
  await judge.end("SIGKILL");
  await a.line(/judge was silent/);
  const drained = await legion.ask(0, "drain");
  assertEquals([drained.code, drained.err], [0, ""]);
  await b.line(isLord);
  assertEquals((await legion.ask(0, "resume")).code, 0);
  // Of a follower a drain costs the lord nothing.
  await legion.until(1, "web1 to be lord", ({ lords }) => lords.join() === "web1");
  const from = a.lines.length;
  const follower = await legion.ask(1, "drain");
  assertEquals([follower.code, follower.err], [0, ""]);
  assertMatch(
    follower.out,
    /^web1 is lord of failover; this node stands back until failover resume/,
  );
  const { state, supports } = await legion.stats(1);
  assertEquals([state, supports], ["stands back", "web1"]);
  assert(!a.lines.slice(from).some((line) => /no longer the lord/.test(line)));
});

Deno.test("drain: nobody is there to take over: 75, and the lord stays lord", async () => {
  await using legion = await setUp((index) => index === 0 ? "legion-quorum = failover 1" : "");
  const a = await legion.run(0);
  await a.line(isLord);
  const refused = await legion.ask(0, "drain");
  assertEquals([refused.code, refused.err], [
    75,
    "failover drain: nobody is there to take failover over; nothing was done: try again later, " +
    "or go on with --force\n",
  ]);
  const forced = await legion.ask(0, "drain", "--force", "--timeout", "0.5");
  assertEquals(forced.code, 75);
  assertMatch(forced.err, /no other node is lord; this node stands back until failover resume\n$/);
});

Deno.test("drain: without a lord and without a quorum it is refused: the node may be needed", async () => {
  await using legion = await setUp();
  const [a, b, judge] = await running(legion);
  // A node that was there first may have been without a quorum before.
  const from = a.lines.length;
  for (const node of [b, judge]) await node.end("SIGKILL");
  await a.line(/no quorum: 1 present, 2 needed/, from);
  const { code, err } = await legion.ask(0, "drain");
  assertEquals(code, 75);
  assertMatch(err, /^failover drain: nobody is there to take failover over; nothing was done: /);
  assertEquals((await legion.stats(0)).drained, null);
});

/** The options of a legion whose second server may be lord, and never is. */
const slowSecond: Parameters<typeof setUp> = [
  (index) => index === 1 ? "legion-lord = failover cmd:sleep 600" : "",
];

Deno.test("drain: where the others may not be lord now it is refused at once", async () => {
  await using legion = await setUp(undefined, [20, 0, 0]);
  const nodes = await legion.runAll();
  await nodes[0].line(isLord);
  const { code, err } = await legion.ask(0, "drain");
  assertEquals(code, 75);
  assertMatch(err, /^failover drain: nobody is there to take failover over; nothing was done: /);
  assertEquals((await legion.stats(0)).state, "lord");
});

Deno.test("handover: while another switch is running the title stays, but for --force", async () => {
  await using legion = await setUp(() => "legion-failback = failover manual");
  const [a] = await running(legion);
  const unlock = legion.robot.lock("4.4.4.4");
  const refused = await legion.ask(0, "handover", "--json");
  const { outcome, message, lords, seconds } = JSON.parse(refused.out);
  assertEquals([refused.code, outcome, lords], [75, "refused", {}]);
  assertEquals(
    message,
    "4.4.4.4 cannot be moved now: FAILOVER_LOCKED: Switching of the failover IP is locked; " +
      "nothing was done: try again later, or go on with --force",
  );
  assert(seconds < 10 && seconds === Math.round(seconds * 1000) / 1000);
  const { state, drained } = await legion.stats(0);
  assertEquals([state, drained, a.lines.some((line) => /drained by/.test(line))], [
    "lord",
    null,
    false,
  ]);
  // With --force the successor waits until the address is free.
  const forced = legion.ask(0, "handover", "--force");
  await legion.robot.arrived("POST", legion.robot.count("POST") + 1);
  unlock();
  const { code, err } = await forced;
  assertEquals([code, err], [0, ""]);
  assertEquals(legion.robot.activeServerIp("4.4.4.4"), "2.2.2.2");
});

for (const force of [false, true]) {
  const args = ["drain", "--for", "0.5", "--timeout", "60", ...force ? ["--force"] : []];
  Deno.test(`${args.join(" ")}: it waits no longer than the drain lasts`, async () => {
    await using legion = await setUp(...slowSecond);
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
  const then = force ? "with --force it stands back" : "it is resumed";
  Deno.test(`drain: nobody takes over in time: 75, and ${then}`, async () => {
    // There are votes enough, and the one who may be lord is not in time.
    await using legion = await setUp(...slowSecond);
    const nodes = await legion.runAll();
    await nodes[0].line(isLord);
    const from = nodes[0].lines.length;
    const args = ["drain", "--timeout", "0.5", "--json", ...force ? ["--force"] : []];
    const late = await legion.ask(0, ...args);
    assertEquals(late.code, 75, late.err);
    const { outcome, message } = JSON.parse(late.out);
    const rest = force ? "this node stands back until failover resume" : "this node is resumed";
    assertEquals([outcome, message], [
      "nobody took over",
      `nobody took over: failover: no other node is lord; ${rest}`,
    ]);
    if (force) {
      assertEquals((await legion.stats(0)).state, "stands back");
      // A drain of before is not ended by another's drain or handover.
      const again = await legion.ask(0, "drain", "--timeout", "0.5");
      assertEquals(again.code, 75);
      assertMatch(
        again.err,
        /no other node is lord; this node stands back until failover resume\n$/,
      );
      const handed = await legion.ask(0, "handover");
      assertEquals([handed.code, handed.err], [
        1,
        "failover handover: failover is drained by eve already: see failover resume\n",
      ]);
      assertEquals((await legion.stats(0)).state, "stands back");
      assertEquals(await nodes[0].end("SIGTERM"), 0);
    } else await nodes[0].line(isLord, from);
  });
}

Deno.test("drain: the only one that could take over dies meanwhile: the node is resumed at once", async () => {
  await using legion = await setUp(...slowSecond);
  const nodes = await legion.runAll();
  await nodes[0].line(isLord);
  const from = nodes[0].lines.length;
  const drain = legion.use(legion.begin(0, "drain"));
  await nodes[1].line(/lord hook cmd .* begins/);
  await nodes[1].end("SIGKILL");
  assertEquals(await drain.status(), 75);
  assertEquals(drain.lines, [
    "failover drain: nobody took over: failover: no other node that may be lord is left; " +
    "this node is resumed",
  ]);
  await nodes[0].line(isLord, from);
});

Deno.test("drain: Ctrl-C while it waits resumes the node", async () => {
  await using legion = await setUp(...slowSecond);
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
  await legion.until(0, "it to hold back", holdsBack);
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
  assertEquals(legion.posts(), ["1.1.1.1", "1.1.1.1", "2.2.2.2", "1.1.1.1"]);
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
  for (const command of ["drain", "resume", "handover", "promote", "restart"]) {
    const { code, err } = await legion.ask(0, command);
    assertEquals(code, 1);
    assertMatch(
      err,
      RegExp(`^failover ${command}: no node of failover at 127\\.0\\.0\\.1:\\d+ answers here`),
    );
  }
});

function holdsBack({ stands_back }: LegionStats): boolean {
  return stands_back.map(({ kind }) => kind).join() === "holding back";
}

const returns: [failback: string, condition: (legion: LegionStats) => boolean][] = [
  ["immediate", ({ state }) => state === "lord"],
  ["delay 0.5", ({ state }) => state === "lord"],
  ["manual", holdsBack],
];

Deno.test("a higher valor that returns: at once, after a delay, or not until it is told", async () => {
  await Promise.all(returns.map(async ([failback, condition]) => {
    await using legion = await setUp(() => `legion-failback = failover ${failback}`);
    const [a, b] = await running(legion);
    await a.end("SIGKILL");
    await b.line(isLord);
    await legion.run(0);
    await legion.until(0, `the return with failback ${failback}`, condition);
    const isManual = failback === "manual";
    const lord = isManual ? "web2" : "web1";
    await legion.until(1, `it to see ${lord}`, ({ lords }) => lords.join() === lord);
    assertEquals(legion.posts(), ["1.1.1.1", "2.2.2.2", ...isManual ? [] : ["1.1.1.1"]]);
  }));
});
