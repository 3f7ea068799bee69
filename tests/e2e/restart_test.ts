// failover restart: nodes as processes, each with a supervisor that starts it again.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { failover } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { loopbackLegion } from "../lab/loopback_legion.ts";
import { Supervisor } from "../lab/supervisor.ts";

const isLord = /this node is the lord/;
const names = ["a", "b", "c"];

/** Three nodes, of which `a` is lord; each of its lord hooks leaves a line in a file. */
async function setUp(more: (index: number, folder: string) => readonly string[] = () => []) {
  const legion = await loopbackLegion({
    valors: [30, 20, 10],
    freqSeconds: 0.5,
    // From source and beside other tests a start may take seconds.
    toleranceSeconds: 4,
    more: (index, folder) => [
      `legion-lord = one cmd:echo lord >> ${folder}/hooks-${names[index]}`,
      `legion-unlord = one cmd:echo unlord >> ${folder}/hooks-${names[index]}`,
      `legion-death = one cmd:echo death >> ${folder}/hooks-${names[index]}`,
      ...more(index, folder),
    ],
  });
  return {
    ...legion,
    hooksOf: async (index: number) =>
      (await Deno.readTextFile(`${legion.folder}/hooks-${names[index]}`)).trim().split("\n"),
    /** Asks for a restart; the result is its exit status and its lines. */
    async restart(index: number, ...args: string[]) {
      const process = legion.begin(index, "restart", ...args);
      return { code: await process.status(), said: process.lines.join("\n") };
    },
    /** Waits until all say that `a` is lord, and support it. */
    calm: () =>
      legion.until(
        "a to be lord of all",
        (legions) =>
          legions.every(({ supports, lords }) => supports === "a" && lords.join() === "a"),
        0,
        1,
        2,
      ),
  };
}

/** The lines about a change of the lord, a member that joined or left, in all logs of a node. */
function changes(node: Supervisor): string[] {
  const lines = node.processes.flatMap((process) => process.lines);
  return lines.filter((line) =>
    /no longer the lord|is elected| joined | left|was silent/.test(line)
  );
}

Deno.test("each node in turn, the lord too: nobody else sees anything, and the lord stays lord", async () => {
  await using legion = await setUp();
  const nodes = await Promise.all([0, 1, 2].map((index) => legion.supervise(index)));
  await legion.calm();
  const before = nodes.map(changes);
  const uuids = await Promise.all([0, 1, 2].map(async (index) => (await legion.stats(index)).uuid));
  for (const index of [1, 0, 2]) {
    const { code, said } = await legion.restart(index, "--json");
    assertEquals(code, 0, said);
    const { outcome, message, legions: [one], notes, seconds } = JSON.parse(said);
    const part = index === 0 ? "lord of one again" : "follower in one again";
    assertEquals([outcome, message, notes], ["done", part, []]);
    assertEquals([one.legion, one.kind, one.what, one.seconds], ["one", "same", part, seconds]);
    await legion.calm();
    assertEquals((await legion.stats(index)).uuid, uuids[index]);
    // Of the others' logs none has a new line.
    for (const other of [0, 1, 2]) {
      if (other !== index) assertEquals(changes(nodes[other]).slice(before[other].length), []);
    }
    before[index] = changes(nodes[index]);
  }
  assertEquals(nodes.map(({ statuses }) => statuses), [[75], [75], [75]]);
  // The lord hooks of a lord that is back run again; those of leaving do not.
  assertEquals(await legion.hooksOf(0), ["lord", "lord"]);
  assertEquals(await nodes[0].stop(), 0);
  assertEquals((await legion.hooksOf(0)).at(-1), "death");
});

Deno.test("all at once, as by a tool that upgrades all servers: the lord is lord again", async () => {
  await using legion = await setUp();
  const nodes = await Promise.all([0, 1, 2].map((index) => legion.supervise(index)));
  await legion.calm();
  const restarts = await Promise.all([0, 1, 2].map((index) => legion.restart(index)));
  for (const { code, said } of restarts) assertEquals(code, 0, said);
  await legion.calm();
  for (const other of [1, 2]) {
    const lines = nodes[other].processes.flatMap((process) => process.lines);
    assertEquals(lines.filter((line) => isLord.test(line)), []);
  }
});

Deno.test("without a supervisor the node refuses, and goes on; with --force it ends", async () => {
  await using legion = await setUp();
  const [a] = await legion.runAll();
  await legion.calm();
  const refused = await legion.restart(0);
  assertEquals(refused.code, 1);
  assertMatch(refused.said, /^failover restart: .* neither NOTIFY_SOCKET nor INVOCATION_ID was/);
  assertEquals((await legion.stats(0)).state, "lord");
  const forced = await legion.restart(0, "--force", "--timeout", "0.5");
  assertEquals([forced.code, await a.status()], [75, 75]);
  assertMatch(
    forced.said,
    /^failover restart: after \d+\.\d+ s: nothing has started the node again$/,
  );
  // Started again by hand in time, it goes on as it was.
  const again = await legion.run(0);
  await again.line(isLord);
  await legion.calm();
});

Deno.test("a configuration that is wrong: exit status 2, and nothing is done", async () => {
  await using legion = await setUp();
  const a = await legion.supervise(0);
  await (await a.process(0)).line(/: started as /);
  const file = `${legion.folder}/a.ini`;
  await Deno.writeTextFile(file, `${await Deno.readTextFile(file)}legion-quorun = one 2\n`);
  const { code, said } = await legion.restart(0);
  assertEquals(code, 2);
  assertMatch(said, /legion-quorun/);
  assertEquals([a.processes.length, a.statuses.length], [1, 0]);
});

Deno.test("a configuration that only the one who asks can use: the node tries it, and refuses", async () => {
  await using legion = await setUp();
  const a = await legion.supervise(0);
  await (await a.process(0)).line(/: started as /);
  const file = `${legion.folder}/a.ini`;
  const text = await Deno.readTextFile(file);
  await Deno.writeTextFile(
    file,
    text.replace("[uwsgi]", "[uwsgi]\nlegion-unlord = one log:$(ONLY_HERE)"),
  );
  const env = { RUNTIME_DIRECTORY: `${legion.folder}/a`, ONLY_HERE: "a word" };
  await using restarting = failover("restart", ["restart", "--config", file], { env });
  assertEquals([await restarting.status(), a.statuses.length], [1, 0]);
  const said = restarting.lines.join("\n");
  assertMatch(
    said,
    /^failover restart: the program that would be started next ends with exit status 2/,
  );
});

Deno.test("a hook that runs is ended, and runs again; the node is lord once it has ended well", async () => {
  await using legion = await setUp((index, folder) =>
    index === 0
      ? [
        `legion-lord = one cmd:echo $$ >> ${folder}/pids; until [ -e ${folder}/go ]; do sleep 0.1; done`,
      ]
      : []
  );
  const nodes = await Promise.all([0, 1, 2].map((index) => legion.supervise(index)));
  await (await nodes[0].process(0)).line(/lord hook cmd .* begins/);
  await legion.until("a to take over", ([{ state }]) => state === "taking over", 0);
  const restarting = legion.restart(0);
  const second = await nodes[0].process(1);
  await second.line(/lord hook cmd .* begins/);
  assertEquals((await legion.stats(0)).state, "taking over");
  await Deno.writeTextFile(`${legion.folder}/go`, "");
  const { code, said } = await restarting;
  assertEquals(code, 0, said);
  assertMatch(said, /^restarted in \d+\.\d\d s: lord of one again$/);
  assertEquals(nodes[1].current.lines.filter((line) => isLord.test(line)), []);
  const pids = (await Deno.readTextFile(`${legion.folder}/pids`)).trim().split("\n");
  assertEquals(pids.length, 2);
});

Deno.test("a hook that does not end when it is told to is not waited for", async () => {
  await using made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const file = `${folder}/a.ini`;
  const [port] = freePorts(1);
  const stubborn =
    `trap '' TERM; echo $$ >> ${folder}/pids; until [ -e ${folder}/go ]; do sleep 0.1; done`;
  await Deno.writeTextFile(
    file,
    `[uwsgi]\nlegion = one 127.0.0.1:${port} 10 bf-cbc:secret1\nlegion-freq = 0.1\n` +
      `legion-tolerance = 1\nlegion-lord = one cmd:${stubborn}\n`,
    { mode: 0o600 },
  );
  const env = { RUNTIME_DIRECTORY: folder, INVOCATION_ID: "of a test" };
  const args = ["--config", file];
  const a = made.use(new Supervisor(() => failover("a", ["node", ...args], { env })));
  // The hooks end before the nodes do.
  made.defer(() => Deno.writeTextFile(`${folder}/go`, ""));
  const first = await a.process(0);
  await first.line(/lord hook cmd .* begins/);
  const restarting = made.use(failover("restart", ["restart", ...args], { env }));
  // A hook gets 5 s to end where a node stops.
  await first.line(/restart asked for/);
  const askedMs = performance.now();
  assertEquals(await first.status(), 75);
  assert(performance.now() - askedMs < 4_000);
  await (await a.process(1)).line(/lord hook cmd .* begins/);
  await Deno.writeTextFile(`${folder}/go`, "");
  assertEquals(await restarting.status(), 0, restarting.lines.join("\n"));
});

Deno.test("a node that is stopping refuses", async () => {
  await using legion = await setUp((
    _,
    folder,
  ) => [`legion-death = one cmd:until [ -e ${folder}/go ]; do sleep 0.1; done`]);
  const a = await legion.supervise(0);
  const process = await a.process(0);
  await process.line(/: started as /);
  process.signal("SIGTERM");
  await process.line(/ stopping$/);
  const { code, said } = await legion.restart(0);
  assertEquals([code, said], [1, "failover restart: the node is stopping"]);
  await Deno.writeTextFile(`${legion.folder}/go`, "");
  assertEquals(await process.status(), 0);
});

Deno.test("another has become lord meanwhile: exit status 1, and by whom", async () => {
  // Without this line it would take the title back at once.
  await using legion = await setUp(() => ["legion-failback = one manual"]);
  const nodes = await Promise.all([1, 2].map((index) => legion.supervise(index)));
  const a = await legion.run(0);
  await legion.calm();
  const restarting = legion.restart(0, "--force");
  assertEquals(await a.status(), 75);
  await nodes[0].current.line(isLord);
  await legion.run(0);
  const { code, said } = await restarting;
  assertEquals(code, 1, said);
  assertMatch(said, /^failover restart: after \d+\.\d\d s: b has become lord of one$/);
});

Deno.test("an address in use: each start waits longer before it ends, and SIGTERM ends that at once", async () => {
  await using legion = await setUp();
  const a = await legion.run(0);
  await a.line(/: started as /);
  const second = await legion.supervise(0);
  await (await second.process(2)).line(/ends in 1 s/);
  await second.processes[0].line(/ends in 0\.25 s/);
  await second.processes[1].line(/ends in 0\.5 s/);
  const begunMs = performance.now();
  assertEquals(await second.stop(), 1);
  assert(performance.now() - begunMs < 900);
});
