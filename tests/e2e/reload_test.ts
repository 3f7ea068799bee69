// SIGHUP: the configuration is read anew, and a lord stays lord.
import { assertEquals } from "@std/assert";
import { startNode } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { startRobot } from "../lab/robot.ts";
import { legionsOf } from "../lab/stats.ts";

async function setUp() {
  const folder = await Deno.makeTempDir();
  const [own, peer, further, stats] = freePorts(4);
  const hooks = (text: string) =>
    `legion-lord = failover log:lord of ${text}\nlegion-unlord = failover log:unlord of ${text}\n`;
  const node = (port: number) => `legion-node = failover 127.0.0.1:${port}\n`;
  const legion = (port: number, valor: number) =>
    `[uwsgi]\nlegion = failover 127.0.0.1:${port} ${valor} bf-cbc:SECRET\nlegion-freq = 0.1\n`;
  const a = `${legion(own, 20)}${node(peer)}stats = 127.0.0.1:${stats}\n`;
  return {
    folder,
    a: (more: string) => `${a}legion-tolerance = 1\n${more}`,
    slower: (more: string) => `${a}legion-tolerance = 3\n${more}`,
    b: `${legion(peer, 10)}${node(own)}legion-quorum = failover 2\nlegion-tolerance = 1\n`,
    hooks,
    further: node(further),
    furtherAt: `127.0.0.1:${further}`,
    stats,
    write: (text: string) => Deno.writeTextFile(`${folder}/a.ini`, text),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

const isLord = /this node is the lord/;
const quorum = "legion-quorum = failover 2\n";

Deno.test("a lord that is given other hooks, nodes, times stays lord, and goes by them", async () => {
  await using setup = await setUp();
  const { hooks, further } = setup;
  await using a = await startNode(setup.folder, "a", setup.a(quorum + hooks("before")));
  await using b = await startNode(setup.folder, "b", setup.b);
  await a.line(isLord);
  await setup.write(setup.slower(quorum + further + hooks("after")));
  a.signal("SIGHUP");
  await a.line(/a\.ini read anew: legion failover: hooks, legion-node, legion-tolerance$/);
  await a.line(/guarantee: none \(b has another list of nodes or another quorum\)/);
  const [legion] = await legionsOf(setup.stats);
  assertEquals([legion.state, legion.never_heard], ["lord", [setup.furtherAt]]);
  assertEquals(a.lines.filter((line) => /no longer|unlord/.test(line)), []);

  // The new hooks run when it is one no longer.
  assertEquals(await b.end("SIGTERM"), 0);
  await a.line(/no longer the lord/);
  await a.line(/unlord of after/);
  assertEquals(await a.end("SIGTERM"), 0);
});

Deno.test("a file that cannot be used changes nothing, and what is wrong is logged", async () => {
  await using setup = await setUp();
  await using a = await startNode(setup.folder, "a", setup.a(setup.hooks("before")));
  await a.line(isLord);
  await setup.write(setup.a(`legion-quorom = failover 2\n${setup.hooks("after")}stats = 1717\n`));
  a.signal("SIGHUP");
  const end = await a.line(/the configuration cannot be read anew: everything stays as it was/);
  const errors = a.lines.slice(0, end).filter((line) => / error /.test(line));
  assertEquals(errors.length, 3);
  await a.line(/a\.ini:7: legion-quorom: there is no such option; did you mean legion-quorum\?/);
  await a.line(/a\.ini:10: stats: /);

  await Deno.remove(`${setup.folder}/a.ini`);
  a.signal("SIGHUP");
  await a.line(/a\.ini: there is no such file/, end);
  await setup.write(setup.a(setup.hooks("after")));
  a.signal("SIGHUP");
  await a.line(/read anew: legion failover: hooks/);
  const [legion] = await legionsOf(setup.stats);
  assertEquals(legion.state, "lord");
  assertEquals(await a.end("SIGTERM"), 0);
});

Deno.test("a pipe in a file's place cannot hold up a lord: everything stays as it was", async () => {
  await using setup = await setUp();
  const fifo = `${setup.folder}/fifo`;
  await new Deno.Command("mkfifo", { args: [fifo] }).output();
  await using a = await startNode(setup.folder, "a", setup.a(quorum + setup.hooks("before")));
  await using b = await startNode(setup.folder, "b", setup.b);
  await a.line(isLord);
  const from = b.lines.length;

  await setup.write(setup.a(`${quorum}legion-scroll = failover @(${fifo})\n`));
  a.signal("SIGHUP");
  const end = await a.line(/the configuration cannot be read anew: everything stays as it was/);
  await a.line(/a\.ini:8: .*@\(.*fifo\): it is a pipe, not a file/);
  await Deno.remove(`${setup.folder}/a.ini`);
  await Deno.rename(fifo, `${setup.folder}/a.ini`);
  a.signal("SIGHUP");
  await a.line(/a\.ini: it is a pipe, not a file/, end);
  const [legion] = await legionsOf(setup.stats);
  assertEquals(legion.state, "lord");
  assertEquals(b.lines.slice(from).filter((line) => /silent|taking over/.test(line)), []);
  assertEquals(await a.end("SIGTERM"), 0);
});

Deno.test("what cannot change is named, and the rest changes all the same", async () => {
  await using setup = await setUp();
  const before = setup.a(setup.hooks("before"));
  await using a = await startNode(setup.folder, "a", before);
  await a.line(isLord);
  const [{ addr, uuid }] = await legionsOf(setup.stats);
  const [port] = freePorts(1);
  const after = before.replace(addr, `127.0.0.1:${port}`).replace(" 20 ", " 30 ")
    .replace("SECRET", "ANOTHER").replace(/stats = .*/, "");
  await setup.write(`${after}legion = two 127.0.0.1:1 1 bf-cbc:SECRET\nlegion-hook-timeout = 60\n`);
  a.signal("SIGHUP");
  const end = await a.line(/read anew: legion failover: legion-hook-timeout$/);
  const topic = " (failover help config-line)";
  const named = a.lines.slice(0, end).flatMap((line) => line.split("a.ini")[1] ?? [])
    .flatMap((line) => line.endsWith(`restart${topic}`) ? line.slice(0, -topic.length) : []);
  assertEquals(named, [
    ":2: legion failover: another address, with its nodes and quorum, needs a restart",
    ":2: legion failover: another valor needs a restart",
    ":2: legion failover: another cipher, secret or IV needs a restart",
    ":9: to be in the legion two needs a restart",
    ": another stats or stats-http needs a restart",
  ]);
  const [legion] = await legionsOf(setup.stats);
  assertEquals([legion.state, legion.addr, legion.uuid, legion.valor], ["lord", addr, uuid, 20]);
  assertEquals(await a.end("SIGTERM"), 0);
});

Deno.test("a password that was wrong is corrected, and asked with at once", async () => {
  const robot = await startRobot();
  await using _closed = { [Symbol.asyncDispose]: () => robot.close() };
  await using setup = await setUp();
  const hook = (password: string) =>
    `legion-lord = failover hetzner-failoverip:username=FOO,password=${password},ip=4.4.4.4,` +
    `active_ip=1.1.1.1,url=${robot.failoverUrl("4.4.4.4")}\n`;
  await using a = await startNode(setup.folder, "a", setup.a(quorum + hook("WRONG")));
  await a.line(/preflight: 4\.4\.4\.4 could not be taken over now: UNAUTHORIZED/);
  await setup.write(setup.a(quorum + hook("BAR")));
  a.signal("SIGHUP");
  await a.line(/preflight: 4\.4\.4\.4 points to 2\.2\.2\.2/);
  assertEquals(await a.end("SIGTERM"), 0);
  assertEquals(robot.requests.map(({ outcome }) => outcome), ["401 UNAUTHORIZED", "200"]);
});
