// Commands find the node here by its sockets: without its configuration, among others, as other users.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { userName } from "../../lib/base/account_name.ts";
import { socketsIn } from "../../lib/config/node_sockets.ts";
import { failover } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { run, type RunOptions } from "../lab/run.ts";
import { soon } from "../lab/soon.ts";

const isLord = /this node is the lord/;
const names = ["a", "b"] as const;

/** Nodes on one machine, in one runtime folder, that are not started yet: each is alone in a legion. */
async function setUp() {
  const made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  made.defer(() => Deno.remove(folder, { recursive: true }));
  await Deno.chmod(folder, 0o755);
  const runtime = `${folder}/run`;
  const ports = freePorts(2);
  const config = (index: number) => `${folder}/${names[index]}.ini`;
  const env = { RUNTIME_DIRECTORY: runtime };
  for (const index of [0, 1]) {
    const text = ["[uwsgi]", `legion = one 127.0.0.1:${ports[index]} 10 bf-cbc:secret1`];
    const more = ["legion-freq = 0.1", "legion-tolerance = 1", `legion = ${names[index]}2 `];
    const second = `${more[2]}127.0.0.1:${freePorts(1)[0]} 10 bf-cbc:secret1`;
    const lines = [...text, second, ...more.slice(0, 2), ""];
    await Deno.writeTextFile(config(index), lines.join("\n"), { mode: 0o600 });
  }
  return {
    folder,
    runtime,
    config,
    addresses: ports.map((port) => `127.0.0.1:${port}`),
    sockets: ports.map((port) => socketsIn(runtime, { host: "127.0.0.1", port })),
    async start(index: number) {
      const args = ["node", "--config", config(index), "--name", names[index]];
      const node = made.use(failover(names[index], args, { env }));
      await node.line(/ one: this node is the lord/);
      await node.line(/2: this node is the lord/);
      return node;
    },
    /** Runs a command on the machine. */
    ask: (args: string, options: RunOptions = {}) => run(args.split(" "), { env, ...options }),
    /** Whether a node is drained, in each of its legions. */
    async drained(index: number) {
      const address = `127.0.0.1:${ports[index]}`;
      const { out } = await run(["status", "--json", "--node", address], { env });
      return JSON.parse(out).legions.map(({ drained }: { drained: unknown }) => drained !== null);
    },
    [Symbol.asyncDispose]: () => made.disposeAsync(),
  };
}

Deno.test("the only node is found, whatever has become of its configuration", async () => {
  await using here = await setUp();
  const node = await here.start(0);
  const text = await Deno.readTextFile(here.config(0));
  const wrong = text.replace("legion-freq", "legion-frequent");
  const states: [what: string, make: () => Promise<void>][] = [
    ["right", () => Promise.resolve()],
    ["broken", () => Deno.writeTextFile(here.config(0), wrong)],
    ["gone", () => Deno.remove(here.config(0))],
  ];
  for (const [what, make] of states) {
    await make();
    for (const given of ["", ` --config ${here.config(0)}`]) {
      const { code, out } = await here.ask(`status --check${given}`);
      assertEquals([what, given, code, out.slice(0, 13)], [what, given, 0, "FAILOVER OK -"]);
    }
    const drained = await here.ask("drain --force --timeout 0.1");
    assertEquals(drained.code, 75, drained.err);
    assertEquals(await here.drained(0), [true, true]);
    const resumed = await here.ask("resume");
    // Without USER the name is that of the system.
    const by = userName(Deno.uid()!);
    const both = `one: resumed, was drained by ${by}; a2: resumed, was drained by ${by}\n`;
    assertEquals(resumed.out, both);
    assertEquals(resumed.code, 0);
  }
  assertMatch((await here.ask("status")).out, /^node a, /m);
  // What is in the configuration cannot be told without it.
  const robot = await here.ask(`status --robot --config ${here.config(0)}`);
  assertEquals(robot.code, 2);
  assertMatch(robot.err, /takes the credentials from the configuration: .*there is no such file/);
  assertEquals(await node.end("SIGTERM"), 0);
});

Deno.test("two nodes on one machine are told apart, or listed with what to type", async () => {
  await using here = await setUp();
  await Promise.all([here.start(0), here.start(1)]);
  const [a, b] = here.addresses;
  for (const command of ["status", "lord", "drain", "resume", "promote", "handover", "restart"]) {
    const { code, out, err } = await here.ask(command);
    assertEquals([code, out], [2, ""]);
    const [first, ...hints] = err.split("\n");
    assertEquals(first, "failover: 2 nodes run here: say which is meant");
    for (const address of [a, b]) {
      assertMatch(
        hints.join("\n"),
        RegExp(`^  failover ${command} --node ${address}   # one at`, "m"),
      );
    }
  }
  const check = await here.ask("status --check --legion one");
  assertEquals(check.code, 3);
  assertMatch(
    check.out,
    /^FAILOVER UNKNOWN - 2 nodes run here: say which is meant; failover status/,
  );
  const remedy = "2 nodes run here: say which is meant\n    failover doctor --config FILE\n";
  assertStringIncludes((await here.ask("doctor")).out, remedy);
  const choices = [`--node ${b}`, "--legion b2", `--config ${here.config(1)}`];
  for (const choice of choices) {
    const { code, out } = await here.ask(`status ${choice}`);
    assertEquals(code, 0);
    assertMatch(out, /^node b, /m);
  }
  assertEquals((await here.ask("drain --legion b2 --force --timeout 0.1")).code, 75);
  assertEquals(await Promise.all([0, 1].map(here.drained)), [[false, false], [false, true]]);
  const wrong = await here.ask("drain --legion six");
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.err, `there is no legion six here; there is: one at `);
  for (const args of ["status --node somewhere", "drain --node 1.2.3.4"]) {
    const { code, err } = await here.ask(args);
    assertEquals(code, 2);
    assertMatch(err, /^failover: --node: no address: /);
  }
});

Deno.test("the configuration of one node never reaches another", async () => {
  await using here = await setUp();
  await here.start(0);
  const [a, b] = here.addresses;
  const ask = async () => [
    await here.ask(`drain --config ${here.config(1)} --force`),
    await here.ask(`drain --node ${b} --force`),
  ];
  const [byConfig, byAddress] = await ask();
  assertEquals([byConfig.code, byAddress.code], [1, 1]);
  assertMatch(
    byConfig.err,
    RegExp(`^failover drain: no node of one at ${b}, b2 at \\S+ answers here; `),
  );
  assertStringIncludes(byConfig.err, `others do: one at ${a}, a2 at `);
  const others = `no node at ${b} answers here; others do: .* \\(failover help no-answer\\)\n$`;
  assertMatch(byAddress.err, RegExp(`^failover drain: ${others}`));
  // Its own line tells whose it is, although another one is wrong.
  await Deno.writeTextFile(here.config(1), "nonsense = 1\n", { append: true });
  const [broken] = await ask();
  assertEquals(broken.code, 1);
  // A configuration that tells nothing does not choose the only node.
  await Deno.remove(here.config(1));
  const [gone] = await ask();
  assertEquals(gone.code, 2);
  assertMatch(
    gone.err,
    /there is no such file; so it does not say which node is meant\. There is:\n/,
  );
  assertStringIncludes(gone.err, `\n  failover drain --node ${a}   # one at ${a}`);
  assertEquals(await here.drained(0), [false, false]);
  const status = await here.ask(`status --config ${here.config(1)}`);
  assertEquals(status.code, 0);
  assertMatch(status.err, /^note: .*there is no such file; the only node here was asked\n$/);
});

Deno.test("a node that hangs is told of, and one that was killed is none", async () => {
  await using here = await setUp();
  const node = await here.start(0);
  node.signal("SIGSTOP");
  const hangs = await here.ask("status --check");
  node.signal("SIGCONT");
  assertEquals(hangs.code, 2);
  assertEquals(
    hangs.out,
    `FAILOVER CRITICAL - the node at ${here.addresses[0]}: it does not answer within 2 s ` +
      "(failover help no-answer)\n",
  );
  await node.end("SIGKILL");
  assertEquals((await Deno.lstat(here.sockets[0].status)).isSocket, true);
  const killed = await here.ask(`status --check --node ${here.addresses[0]}`);
  assertEquals(killed.code, 2);
  assertMatch(killed.out, /^FAILOVER CRITICAL - no node at \S+ answers here; looked in /);
  // The next process replaces what was left.
  await here.start(0);
  assertEquals((await here.ask("status")).code, 0);
});

Deno.test("a restart for another address: the next process is found there", async () => {
  await using here = await setUp();
  const env = { RUNTIME_DIRECTORY: here.runtime, INVOCATION_ID: "of a test" };
  const args = ["node", "--config", here.config(0), "--name", "a"];
  await using first = failover("a", args, { env });
  await first.line(isLord);
  const text = await Deno.readTextFile(here.config(0));
  await Deno.writeTextFile(here.config(0), text.replaceAll(here.addresses[0], here.addresses[1]));
  await using restarting = failover("restart", ["restart"], { env });
  assertEquals(await soon(first.status()), 75);
  await using second = failover("a", args, { env });
  await second.line(isLord);
  assertEquals(await soon(restarting.status()), 0, restarting.lines.join("\n"));
  assertMatch((await here.ask("status")).out, /^node a, /m);
});

/** The words that run a command as a user of no rights, in some groups besides its own. */
const powerless = (...groups: number[]) => [
  "setpriv",
  "--bounding-set=-all",
  "--inh-caps=-all",
  "--regid=65534",
  groups.length === 0 ? "--clear-groups" : `--groups=${groups.join()}`,
];

async function canBePowerless(): Promise<boolean> {
  if (Deno.uid() !== 0) return false;
  const [command, ...args] = [...powerless(), "true"];
  try {
    return (await new Deno.Command(command, { args }).output()).success;
  } catch {
    return false;
  }
}

Deno.test({
  name: "another user: in the group it asks and gives no order; outside it is told whom to ask",
  ignore: !await canBePowerless(),
  async fn() {
    await using here = await setUp();
    await here.start(0);
    const [{ status, control }] = here.sockets;
    // Root without its rights asks the node of the user and group 2 (bin, on the usual machines).
    for (const path of [status, control]) await Deno.chown(path, 2, 2);
    const member = { on: powerless(2) };
    const asked = await here.ask("status --check", member);
    assertEquals([asked.code, asked.out.slice(0, 13)], [0, "FAILOVER OK -"]);
    const order = await here.ask("drain --force", member);
    assertEquals([order.code, order.out], [1, ""]);
    assertMatch(
      order.err,
      /^failover drain: no right to give orders at \S+\.control: its owner bin and root may; use sudo\n$/,
    );

    const stranger = { on: powerless() };
    const why = /no right to ask at \S+\.status: its group bin may \(usermod -aG bin root, which/;
    const check = await here.ask("status --check", stranger);
    assertEquals(check.code, 3);
    assertMatch(check.out, RegExp(`^FAILOVER UNKNOWN - ${why.source}`));
    for (const command of ["status", "drain", "restart"]) {
      const { code, out, err } = await here.ask(command, stranger);
      assertEquals([code, out], [1, ""]);
      assertMatch(err, RegExp(`^failover ${command}: ${why.source}`));
    }
    const there = await here.ask(`status --stats ${status}`, stranger);
    assertEquals(there.code, 1);
    assertMatch(there.err, RegExp(`^failover status: ${why.source}`));
    // A folder that may not be looked into is told of, too.
    await Deno.chown(here.runtime, 2, 2);
    await Deno.chmod(here.runtime, 0o750);
    const closed = await here.ask("status", stranger);
    assertEquals(closed.code, 1);
    assertMatch(closed.err, /no right to ask at \S+\/run: its group bin may/);
    assertEquals((await here.ask("status", member)).code, 0);
  },
});

Deno.test("a configuration that may not be read is no hindrance, with --config or without", async () => {
  await using here = await setUp();
  await here.start(0);
  // Root may read everything but this.
  await Deno.remove(here.config(0));
  await Deno.mkdir(here.config(0));
  for (const given of ["", ` --config ${here.config(0)}`]) {
    assertEquals((await here.ask(`status --check${given}`)).code, 0);
  }
});
