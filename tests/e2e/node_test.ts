// A node as systemd, cron or a terminal runs it: as a process that gets signals.
import { assert, assertEquals } from "@std/assert";
import { freePorts } from "../lab/free_ports.ts";
import { failover, startNode } from "../lab/failover.ts";
import { startRobot } from "../lab/robot.ts";
import { untilStats } from "../lab/stats.ts";

async function setUp(count: number) {
  const folder = await Deno.makeTempDir();
  const ports = freePorts(count);
  const statsPorts = freePorts(count);
  const text = (index: number, more = "") =>
    [
      "[uwsgi]",
      `legion = failover 127.0.0.1:${ports[index]} ${20 - index} bf-cbc:secret1`,
      ...ports.filter((_, i) => i !== index).map((p) => `legion-node = failover 127.0.0.1:${p}`),
      "legion-freq = 0.1",
      "legion-tolerance = 1",
      `stats = 127.0.0.1:${statsPorts[index]}`,
      more,
      "",
    ].join("\n");
  return {
    folder,
    text,
    statsPorts,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

const isLord = /this node is the lord/;

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`${signal} ends a node cleanly: death hooks, farewell, exit status 0`, async () => {
    await using setup = await setUp(2);
    const death = "legion-death = failover cmd:echo farewell from $FAILOVER_NODE";
    await using a = await startNode(setup.folder, "a", setup.text(0, death));
    await using b = await startNode(setup.folder, "b", setup.text(1));
    await a.line(isLord);
    await b.line(/a is elected/);
    assertEquals(await a.end(signal), 0);
    await a.line(/farewell from a/);
    await b.line(/a left/);
    await b.line(isLord);
    assertEquals(await b.end(signal), 0);
  });
}

Deno.test("a second signal does not wait for the death hooks", async () => {
  await using setup = await setUp(1);
  const death = "legion-death = failover cmd:echo dying; sleep 60";
  await using a = await startNode(setup.folder, "a", setup.text(0, death));
  await a.line(isLord);
  a.signal("SIGTERM");
  await a.line(/dying/);
  assertEquals(await a.end("SIGTERM"), 0);
});

Deno.test("a node whose log goes to systemd's journal gives priorities, and no time", async () => {
  await using setup = await setUp(2);
  const file = `${setup.folder}/a.ini`;
  await Deno.writeTextFile(file, setup.text(0, "legion-quorum = failover 2"));
  const env = { JOURNAL_STREAM: "8:1", RUNTIME_DIRECTORY: `${setup.folder}/a` };
  await using a = failover("a", ["node", "--config", file], { env });
  await a.line(/^<6>failover: started as valor 20/);
  await a.line(/^<4>failover: no quorum: 1 present, 2 needed \(failover help no-quorum\)$/);
  assertEquals(await a.end("SIGTERM"), 0);
});

Deno.test("a node whose log nobody reads any more goes on", async () => {
  await using setup = await setUp(1);
  const file = `${setup.folder}/a.ini`;
  await Deno.writeTextFile(file, setup.text(0));
  const on = ["bash", "-c", 'exec "$@" 2> >(head -n 1)', "bash"];
  await using a = failover("a", ["node", "--config", file], { on });
  await untilStats(setup.statsPorts, "it to be lord", ([legion]) => legion.i_am_the_lord > 0);
  assertEquals(await a.end("SIGTERM"), 0);
});

/** A Robot, and the lord hook that routes its address to a server. */
async function withRobot(switchMs: number) {
  const robot = await startRobot();
  robot.switchMs = switchMs;
  const url = robot.failoverUrl("4.4.4.4");
  const lord = (ip: string, more = "") =>
    "legion-lord = failover hetzner-failoverip:" +
    `username=FOO,password=BAR,ip=4.4.4.4,active_ip=${ip},url=${url}${more}\n` +
    "legion-death-on-lord-error = 300\n" +
    // Whichever process is up first: it waits for the other.
    "legion-quorum = failover 2";
  const posts = () =>
    robot.requests.filter(({ method }) => method === "POST")
      .map(({ activeServerIp, outcome }) => `${activeServerIp} ${outcome}`);
  return { robot, lord, posts, [Symbol.asyncDispose]: () => robot.close() };
}

Deno.test("while the API takes longer than the tolerance, there is one lord and one POST", async () => {
  await using robot = await withRobot(3_000);
  await using setup = await setUp(2);
  await using a = await startNode(setup.folder, "a", setup.text(0, robot.lord("1.1.1.1")));
  await using b = await startNode(setup.folder, "b", setup.text(1, robot.lord("2.2.2.2")));
  await a.line(isLord);
  assertEquals(robot.posts(), ["1.1.1.1 200"]);
  assertEquals(robot.robot.activeServerIp("4.4.4.4"), "1.1.1.1");
  assert(!b.lines.some((line) => isLord.test(line) || /was silent/.test(line)));
});

Deno.test("an API call that times out after the switch happened: one lord, one POST", async () => {
  await using robot = await withRobot(0);
  await using setup = await setUp(2);
  robot.robot.fail({ kind: "hang", method: "POST", after: true });
  const short = (ip: string) => robot.lord(ip, ",timeout=1");
  await using a = await startNode(setup.folder, "a", setup.text(0, short("1.1.1.1")));
  await using b = await startNode(setup.folder, "b", setup.text(1, short("2.2.2.2")));
  await a.line(isLord);
  assertEquals(robot.posts(), ["1.1.1.1 gone"]);
  assertEquals(robot.robot.activeServerIp("4.4.4.4"), "1.1.1.1");
  const amiss = /stands back|no longer|aborted|was silent/;
  assertEquals([...a.lines, ...b.lines].filter((line) => amiss.test(line)), []);
  assert(!b.lines.some((line) => isLord.test(line)));
});

Deno.test("a wrong password shows at the start, and the password nowhere", async () => {
  await using robot = await withRobot(0);
  await using setup = await setUp(2);
  const lord = robot.lord("1.1.1.1").replace("password=BAR", "password=WRONG-PASSWORD");
  const file = `${setup.folder}/a.ini`;
  await Deno.writeTextFile(file, setup.text(0, lord));
  await using a = failover("a", ["node", "--config", file, "--log-level", "debug"]);
  await a.line(/preflight: 4\.4\.4\.4 could not be taken over now: UNAUTHORIZED/);
  await a.line(/no quorum/);
  assertEquals(await a.end("SIGTERM"), 0);
  assertEquals(robot.robot.requests.map(({ outcome }) => outcome), ["401 UNAUTHORIZED"]);
  assertEquals(a.lines.join().includes("WRONG-PASSWORD"), false);
});

Deno.test("a failed lord hook: the next takes over, and keeps the title for as long as it can", async () => {
  await using setup = await setUp(2);
  const flag = `${setup.folder}/broken`;
  await Deno.writeTextFile(flag, "");
  const lord = `legion-lord = failover cmd:test ! -e ${flag}\nlegion-death-on-lord-error = 0.5`;
  await using a = await startNode(setup.folder, "a", setup.text(0, lord));
  await using b = await startNode(setup.folder, "b", setup.text(1));
  await a.line(/stands back as an arbiter.*a lord hook failed, for 0\.5 s more/);
  await b.line(isLord, await b.line(/a stands back as an arbiter/));
  await Deno.remove(flag);
  await a.line(/it makes way for b, since a lord hook failed here/);
  assertEquals(await b.end("SIGTERM"), 0);
  await a.line(isLord);
  // With any number of votes it may have been lord before it heard of a.
  const from = b.lines.findIndex((line) => /a stands back as an arbiter/.test(line));
  assertEquals(b.lines.slice(from).filter((line) => /no longer the lord/.test(line)), []);
});
