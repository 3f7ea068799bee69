// What an operator sees when the service beside a lord dies, hangs or flaps.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { freePorts } from "../lab/free_ports.ts";
import type { TestProcess } from "../lab/process.ts";
import { startWeb } from "../lab/web_server.ts";
import { isLord, running, setUp } from "../lab/three_nodes.ts";

Deno.test("a killed web server moves the address after `fall` runs, and in time", async () => {
  const [intervalMs, timeoutMs, fall] = [300, 300, 3];
  const webPorts = freePorts(2);
  await using legion = await setUp((index) =>
    index === 2
      ? ""
      : `legion-check = failover http=http://127.0.0.1:${webPorts[index]}/,name=web,` +
        `interval=${intervalMs / 1000},timeout=${timeoutMs / 1000},fall=${fall}`
  );
  const [web1, web2] = await Promise.all(webPorts.map(startWeb));
  legion.use(web2);
  const [a, b] = await running(legion);
  await a.line(/stands back as an arbiter, .*: check web has not passed yet/);
  await a.line(/check web passes: 200 OK/);
  await legion.robot.pointsTo("4.4.4.4", "1.1.1.1");

  const killedMs = Date.now();
  await web1.end("SIGKILL");
  const { atMs, activeServerIp } = await legion.robot.arrived("POST", 2);
  const tookMs = atMs - killedMs;
  assertEquals(activeServerIp, "2.2.2.2");
  assert(tookMs > (fall - 1) * intervalMs, `${tookMs} ms`);
  assert(tookMs <= fall * intervalMs + timeoutMs + 200, `${tookMs} ms`);
  console.log(`from the kill to the POST: ${tookMs} ms`);
  await b.line(isLord);
  await a.line(/no longer the lord: check web fails: connection refused/);
  await a.line(/stands back as an arbiter, .*: check web fails: connection refused/);

  const status = await legion.ask(0, "status");
  assertMatch(
    status.out,
    /^warning: stands back: check web fails: connection refused \(failover help check-fails\)$/m,
  );
  assertMatch(status.out, /this node stands back \(check web fails: connection refused\)/);
  assertMatch(status.out, /check web, http: failing since .* \(connection refused\)/);
  const { code, out } = await legion.ask(0, "status", "--check");
  assertEquals(code, 1);
  assertMatch(out, /^FAILOVER WARNING - .*stands back: check web fails: connection refused/);

  // A node whose check has risen stands again, and this one has the higher valor.
  const back = a.lines.length;
  legion.use(await startWeb(webPorts[0]));
  await a.line(/check web passes: 200 OK/, back);
  await a.line(isLord, back);
  await legion.robot.pointsTo("4.4.4.4", "1.1.1.1");
  assertEquals(legion.posts(), ["1.1.1.1", "2.2.2.2", "1.1.1.1"]);
  assertEquals(await a.end("SIGTERM"), 0);
});

Deno.test("two of three are unfit: the third is lord within a second, by their votes", async () => {
  const check = (folder: string, index: number) =>
    `legion-check = failover cmd=test ! -e ${folder}/bad${index},interval=0.1,fall=1`;
  await using legion = await setUp(
    (index, folder) => index === 1 ? "" : check(folder, index),
    [20, 10, 15],
  );
  const nodes = await legion.runAll();
  const [web1, web2, judge] = nodes;
  await web1.line(isLord);
  await Promise.all([web2.line(/web1 is elected/), judge.line(/web1 is elected/)]);
  const from = nodes.map(({ lines }) => lines.length);
  await Promise.all([0, 2].map((index) => Deno.writeTextFile(`${legion.folder}/bad${index}`, "")));
  const fails = /check cmd fails/;
  const failed = [await web1.line(fails, from[0]), await judge.line(fails, from[2])];
  const lord = await web2.line(isLord, from[1]);
  const timeOf = (line: string) => Date.parse(line.split(" ")[0]);
  const lostMs = Math.max(timeOf(web1.lines[failed[0] - 1]), timeOf(judge.lines[failed[1] - 1]));
  const tookMs = timeOf(web2.lines[lord - 1]) - lostMs;
  assert(tookMs <= 1_000, `${tookMs} ms`);
  await legion.until(1, "it to have their votes", ({ votes }) => votes === 3);
  console.log(`from the loss of two to the third: ${tookMs} ms`);
});

Deno.test("a check that hangs counts as failed, and the unlord hooks run before it stands back", async () => {
  await using legion = await setUp((index, folder) =>
    index !== 0 ? "" : [
      `legion-check = failover cmd=test ! -e ${folder}/hang || sleep 60,` +
      "name=disk,interval=1,timeout=0.2,fall=2",
      "legion-unlord = failover cmd:sleep 0.3; echo released",
    ].join("\n")
  );
  const [a, b] = await running(legion);
  await Deno.writeTextFile(`${legion.folder}/hang`, "");
  await a.line(/check disk fails: killed after 0\.2 s/);
  await b.line(isLord);
  const order = [
    /no longer the lord: check disk fails/,
    /released/,
    /stands back .*: check disk fails/,
  ];
  const found = order.map((pattern) => a.lines.findIndex((line) => pattern.test(line)));
  assert(found.every((at, i) => at > (found[i - 1] ?? -1)), `${found}`);
  // What hangs is no reason to wait at the end.
  const begun = performance.now();
  assertEquals(await a.end("SIGTERM"), 0);
  assert(performance.now() - begun < 3_000);
});

/** From when the file `flap` is there on, it fails four times and passes six times, and so on. */
function flapping(folder: string): string {
  const count = `echo >> ${folder}/runs; test $(( $(wc -l < ${folder}/runs) %% 10 )) -gt 4`;
  return `legion-check = failover cmd=test ! -e ${folder}/flap || { ${count}; },` +
    "name=web,interval=0.1,rise=1,fall=2";
}

/** Begins it, and waits until it has failed so many times. */
async function flap(folder: string, node: TestProcess, times: number): Promise<void> {
  await Deno.writeTextFile(`${folder}/flap`, "");
  let at = node.lines.length;
  for (let failed = 0; failed < times; failed++) at = await node.line(/check web fails/, at);
}

Deno.test("a check that flaps moves the address once, where the fail-back is manual", async () => {
  await using legion = await setUp((index, folder) =>
    index === 0 ? `${flapping(folder)}\nlegion-failback = failover manual` : ""
  );
  const [a, b] = await running(legion);
  await flap(legion.folder, a, 3);
  await b.line(isLord);
  assertEquals(legion.posts(), ["1.1.1.1", "2.2.2.2"]);
});

Deno.test("a check that flaps takes no more than legion-flap: then the node stands back", async () => {
  await using legion = await setUp((index, folder) =>
    index === 0 ? `${flapping(folder)}\nlegion-flap = failover 1/600` : ""
  );
  const [a, b] = await running(legion);
  await flap(legion.folder, a, 2);
  const out = await a.line(/stands back as an arbiter, .*: .*it lost the title more than 1 times/);
  await a.line(/check web passes/, await a.line(/check web fails/, out));
  const { state, why_not_lord } = await legion.stats(0);
  assertEquals(state, "stands back");
  assertMatch(why_not_lord, /it lost the title more than 1 times within 600 s, until 2\S+Z$/);
  await b.line(isLord);
  assertEquals(legion.posts().at(-1), "2.2.2.2");
});

Deno.test("a check that a reload adds costs a lord nothing while it passes", async () => {
  await using legion = await setUp();
  const [a, b] = await running(legion);
  const file = `${legion.folder}/web1.ini`;
  const text = await Deno.readTextFile(file);
  const check = `legion-check = failover cmd=test ! -e ${legion.folder}/bad,interval=0.1,fall=1`;
  await Deno.writeTextFile(file, `${text}${check}\n`);
  const from = a.lines.length;
  a.signal("SIGHUP");
  await a.line(/read anew: legion failover: legion-check/, from);
  await a.line(/check cmd passes/, from);
  assertEquals((await legion.stats(0)).state, "lord");
  await Deno.writeTextFile(`${legion.folder}/bad`, "");
  await a.line(/no longer the lord: check cmd fails: exit status 1/, from);
  await b.line(isLord);
});

Deno.test("where all checks fail there is no lord, and that is said", async () => {
  await using legion = await setUp((index) =>
    index === 2 ? "" : `legion-check = failover cmd=echo no disk; exit 1,interval=0.1,fall=1`
  );
  const nodes = await legion.runAll();
  await nodes[0].line(/check cmd fails: exit status 1: no disk/);
  await legion.until(0, "it to be missed", ({ lordless_seconds }) => lordless_seconds > 1.4);
  const { code, out } = await legion.ask(0, "status", "--check");
  assertEquals(code, 2);
  assertMatch(
    out,
    /^FAILOVER CRITICAL - no lord for \d+ s \(this node: check cmd fails: exit status 1: no disk\)/,
  );
  assertEquals(legion.posts(), []);
  assert(!nodes.some(({ lines }) => lines.some((line) => isLord.test(line))));
});
