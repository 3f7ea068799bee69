// A node of ours that is drained hands the address to a real uWSGI, and gets it back from it.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { run } from "../lab/run.ts";
import { program, startNode } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { startRobot } from "../lab/robot.ts";
import { legionsOf } from "../lab/stats.ts";
import { hasUwsgi, startUwsgi, uwsgiSays } from "../lab/uwsgi.ts";

/**
 * A node of ours, which outranks one of uWSGI's, and an arbiter of ours. The lord hooks route an
 * address: ours by itself, uWSGI's by a command.
 *
 * @param ours Further options of our node
 * @param theirHook What uWSGI runs to get the address; without it, what does get it
 */
async function setUp(ours: string, theirHook?: string) {
  const stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const robot = stack.use(await startRobot());
  const url = robot.failoverUrl("4.4.4.4");
  const ports = freePorts(3);
  const [statsPort] = freePorts(1);
  const options = (index: number, valor: number) =>
    [
      `legion = failover 127.0.0.1:${ports[index]} ${valor} aes-128-cbc:secret1`,
      ...ports.filter((_, i) => i !== index).map((p) => `legion-node = failover 127.0.0.1:${p}`),
      "legion-quorum = failover 2",
      "legion-freq = 1",
      "legion-tolerance = 3",
      "",
    ].join("\n");
  await Deno.writeTextFile(`${folder}/password`, "BAR", { mode: 0o600 });
  const env = Object.entries(program.env).map(([name, value]) => `${name}=${value}`);
  const takeover = `${["env", ...env, ...program.command].join(" ")} takeover --ip 4.4.4.4 ` +
    `--to 2.2.2.2 --url ${url} --user FOO --password-file ${folder}/password`;
  const own =
    `stats = 127.0.0.1:${statsPort}\n${ours}\nlegion-lord = failover hetzner-failoverip:` +
    `username=FOO,password=BAR,ip=4.4.4.4,active_ip=1.1.1.1,url=${url},preflight=0\n`;
  const start = async () => ({
    theirs: stack.use(
      await startUwsgi(
        folder,
        "theirs",
        `${options(1, 10)}legion-lord = failover cmd:${theirHook ?? takeover}\n`,
      ),
    ),
    judge: stack.use(await startNode(folder, "judge", `[uwsgi]\n${options(2, 0)}`)),
    ours: stack.use(await startNode(folder, "ours", `[uwsgi]\n${options(0, 20)}${own}`)),
  });
  return {
    robot,
    start,
    ask: (...args: string[]) => {
      const env = { RUNTIME_DIRECTORY: `${folder}/ours`, USER: "eve" };
      return run([...args, "--config", `${folder}/ours.ini`], { env });
    },
    stats: async () => (await legionsOf(statsPort))[0],
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const isLord = /this node is the lord/;

Deno.test({
  name: "drain waits until uWSGI has the address, and resume takes it back",
  ignore: !hasUwsgi,
  async fn() {
    await using legion = await setUp("");
    const { ours, theirs } = await legion.start();
    await ours.line(isLord);
    const from = theirs.lines.length;
    const drained = await legion.ask("drain");
    assertEquals([drained.code, drained.err], [0, ""]);
    assertMatch(
      drained.out,
      /^\S+ is lord of failover; this node stands back until failover resume/,
    );
    await theirs.line(uwsgiSays.lord, from);
    assertEquals(legion.robot.activeServerIp("4.4.4.4"), "2.2.2.2");

    const drainedAt = ours.lines.length;
    const lordAt = theirs.lines.length;
    assertEquals((await legion.ask("resume")).code, 0);
    await ours.line(isLord, drainedAt);
    await theirs.line(uwsgiSays.noLonger, lordAt);
    await legion.robot.pointsTo("4.4.4.4", "1.1.1.1");
  },
});

Deno.test({
  name: "drain does not take uWSGI's word for it that it has the address",
  ignore: !hasUwsgi,
  async fn() {
    await using legion = await setUp("", "/bin/false");
    const { ours, theirs } = await legion.start();
    await ours.line(isLord);
    const from = ours.lines.length;
    const drained = await legion.ask("drain", "--timeout", "7");
    assertEquals(drained.code, 75, drained.out);
    assertMatch(
      drained.err,
      /nobody took over: 4\.4\.4\.4 still points here; this node is resumed/,
    );
    assert(theirs.lines.some((line) => uwsgiSays.lord.test(line)));
    await ours.line(isLord, from);
  },
});

Deno.test({
  name: "with a manual fail-back the title goes to uWSGI by handover, and back by promote",
  ignore: !hasUwsgi,
  async fn() {
    await using legion = await setUp("legion-failback = failover manual");
    const { ours, theirs } = await legion.start();
    // It holds back from its start, and uWSGI does not.
    await theirs.line(uwsgiSays.lord);
    await legion.robot.ended("POST", 1);
    for (let turn = 0; turn < 2; turn++) {
      const [from, lordFrom] = [ours.lines.length, theirs.lines.length];
      const promoted = await legion.ask("promote");
      assertEquals([promoted.code, promoted.err], [0, ""]);
      await ours.line(isLord, from);
      await legion.robot.pointsTo("4.4.4.4", "1.1.1.1");
      await theirs.line(uwsgiSays.noLonger, lordFrom);
      if (turn === 1) break;

      const lostAt = theirs.lines.length;
      const handed = await legion.ask("handover");
      assertEquals([handed.code, handed.err], [0, ""]);
      await theirs.line(uwsgiSays.lord, lostAt);
      assertEquals(legion.robot.activeServerIp("4.4.4.4"), "2.2.2.2");
      await ours.line(
        /stands back as an arbiter, .*: it makes way for .* until it is promoted/,
        from,
      );
      const { stands_back, lords } = await legion.stats();
      assertEquals([stands_back.map(({ kind }) => kind), lords.length], [["holding back"], 1]);
    }
  },
});
