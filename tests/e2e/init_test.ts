// failover init, as its users run it; what it writes is run by nodes, and read by uWSGI.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readConfiguration } from "../../lib/node/configuration.ts";
import type { KeptSettings } from "../../lib/robot/provider.ts";
import { startSimulator } from "../../lib/robot/simulator.ts";
import { failover, program } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { hasUwsgi, uwsgiSays } from "../lab/uwsgi.ts";
import { TestProcess } from "../lab/process.ts";
import { run } from "../lab/run.ts";
import { converse } from "../lab/terminal.ts";

/** A folder that stands for a server's /etc. */
async function setUp({ password = "BAR\n" }: { password?: string | null } = {}) {
  const folder = await Deno.makeTempDir();
  const place = async (name: string, text: string) => {
    await Deno.writeTextFile(`${folder}/${name}`, text, { mode: 0o600 });
  };
  if (password !== null) await place("failover.password", password);
  return {
    folder,
    config: `${folder}/failover.ini`,
    place,
    read: (name: string) => Deno.readTextFile(`${folder}/${name}`),
    names: () => [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

const three = ["--addresses", "1.1.1.1,2.2.2.2,3.3.3.3"];
const whole = [...three, "--me", "1.1.1.1", "--ip", "4.4.4.4", "--user", "FOO"];

Deno.test("what init writes loads without a warning, and only its user may read it", async () => {
  await using etc = await setUp();
  const { code, out, err } = await run(["init", ...whole, "--config", etc.config]);
  assertEquals([code, err], [0, ""]);
  assertEquals(etc.names(), ["failover.ini", "failover.password", "failover.secret"]);
  for (const name of etc.names()) {
    assertEquals((await Deno.stat(`${etc.folder}/${name}`)).mode! & 0o777, 0o600, name);
  }
  assertMatch(await etc.read("failover.secret"), /^[\w-]{43}\n$/);
  assertStringIncludes(out, "Written for 1.1.1.1:2000, valor 9999, of 3 nodes with quorum 2:\n");

  const { warnings, passedOver, legions: [legion] } = readConfiguration(etc.config);
  assertEquals([warnings, passedOver], [[], []]);
  assertEquals(
    [legion.secret, legion.authSecret],
    Array(2).fill(
      (await etc.read("failover.secret")).trim(),
    ),
  );
  const checked = await run(["node", "--check-config", "--config", etc.config]);
  assertEquals([checked.code, checked.err], [0, ""]);
});

Deno.test("the commands it prints set up the other servers, with the same secret", async () => {
  await using one = await setUp();
  const said = await run(["init", ...whole, "--config", one.config]);
  const out = said.out.replaceAll(/ \\\n +/g, " ");
  const commands = [...out.matchAll(/^ *ssh root@(\S+) (\S+) (.*)$/gm)];
  const there = program.executable ?? "failover";
  assertEquals(commands.map(([, host, command]) => [host, command]), [
    ["2.2.2.2", there],
    ["3.3.3.3", there],
  ]);
  for (const [index, [, host, , line]] of commands.entries()) {
    await using other = await setUp();
    const copied = RegExp(`scp -p (.*) root@${host}:${one.folder}/$`, "m").exec(out);
    assertEquals(
      copied?.[1].split(" "),
      ["secret", "password"].map((end) => {
        return `${one.folder}/failover.${end}`;
      }),
    );
    await other.place("failover.secret", await one.read("failover.secret"));
    const { code, err } = await run(line.replaceAll(one.folder, other.folder).split(" "));
    assertEquals([code, err], [0, ""]);
    const { legions: [legion], warnings } = readConfiguration(other.config);
    assertEquals(warnings, []);
    assertEquals(legion.secret, readConfiguration(one.config).legions[0].secret);
    assertEquals([legion.address.host, legion.valor], [host, 9998 - index]);
  }
});

Deno.test("nothing is overwritten, and nothing written, when the file is there", async () => {
  await using etc = await setUp();
  await etc.place("failover.ini", "mine\n");
  const { code, out, err } = await run(["init", ...whole, "--config", etc.config]);
  assertEquals([code, out], [2, ""]);
  assertStringIncludes(err, `${etc.config} is there already, and nothing is overwritten`);
  assertMatch(err, /^it is not right: .*failover\.ini/m);
  assertEquals(await etc.read("failover.ini"), "mine\n");
  assertEquals(etc.names(), ["failover.ini", "failover.password"]);
});

Deno.test("a file that cannot be written: exit status 1, and nothing is left behind", async () => {
  await using etc = await setUp();
  const config = `${etc.folder}/none/failover.ini`;
  const files = ["--password-file", `${etc.folder}/failover.password`];
  const { code, err } = await run(["init", ...whole, ...files, "--config", config]);
  assertEquals(code, 1);
  assertStringIncludes(err, `${etc.folder}/none/failover.secret cannot be written`);
  assertEquals(etc.names(), ["failover.password"]);
});

const refused: [what: string, args: string[], message: RegExp][] = [
  ["without a terminal all that is missing is named", [], /: give --addresses, --ip, --user, such/],
  ["only what is missing is named", [...three, "--user", "FOO"], /: give --me, --ip, such/],
  ["an option twice", [...whole, "--me=9.9.9.9"], /--me may be given once/],
  [
    "a secret that is not there",
    [...whole, "--secret-file", "/none"],
    /there is no \/none: copy it/,
  ],
];
for (const [what, args, message] of refused) {
  Deno.test(`refused by init: ${what}`, async () => {
    await using etc = await setUp();
    const { code, out, err } = await run(["init", ...args, "--config", etc.config]);
    assertEquals([code, out], [2, ""]);
    assertMatch(err, message);
    assertMatch(err, /\nSee: failover help init\n$/);
    assertEquals(etc.names(), ["failover.password"]);
  });
}

Deno.test("a password that is not there, or empty, is said before anything is written", async () => {
  await using none = await setUp({ password: null });
  const missing = await run(["init", ...whole, "--config", none.config]);
  assertEquals(missing.code, 2);
  assertStringIncludes(missing.err, `there is no ${none.folder}/failover.password: write the`);
  assertEquals(none.names(), []);

  await using empty = await setUp({ password: "\nSECRET-HALF\n" });
  const nothing = await run(["init", ...whole, "--config", empty.config]);
  assertEquals(nothing.code, 2);
  assertMatch(nothing.err, /would not be right: legion-lord: .*: its first line is empty/);
  assertEquals(nothing.err.includes("SECRET-HALF"), false);
  assertEquals(empty.names(), ["failover.password"]);
});

Deno.test("a password file that others may read is warned of", async () => {
  await using etc = await setUp();
  await Deno.chmod(`${etc.folder}/failover.password`, 0o644);
  const { code, err } = await run(["init", ...whole, "--config", etc.config]);
  assertEquals(code, 0);
  assertMatch(err, /^warning: .*failover\.password.*all users of this machine may read it/);
});

Deno.test("an arbiter needs no address, no user and no password", async () => {
  await using etc = await setUp({ password: null });
  const args = ["--addresses", "1.1.1.1,2.2.2.2", "--arbiters", "3.3.3.3", "--me", "3.3.3.3"];
  const { code, out, err } = await run(["init", ...args, "--config", etc.config]);
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, "an arbiter, of 3 nodes with quorum 2");
  const { legions: [{ valor, hooks }], warnings } = readConfiguration(etc.config);
  assertEquals([valor, hooks, warnings], [0, [], []]);
});

Deno.test("two nodes alone: a warning that no address will move", async () => {
  await using etc = await setUp();
  const args = ["--addresses", "1.1.1.1,2.2.2.2", "--me=1.1.1.1", "--ip=4.4.4.4", "--user=FOO"];
  const { code, err } = await run(["init", ...args, "--config", etc.config]);
  assertEquals(code, 0);
  assertMatch(err, /^warning: with two nodes no address moves.* --arbiters ADDRESS\n$/);
});

Deno.test("a valor that another server has by its position is warned of", async () => {
  const said = async (valor: string) => {
    await using etc = await setUp();
    return (await run(["init", ...whole, "--valor", valor, "--config", etc.config])).err;
  };
  assertEquals(
    await said("9997"),
    "warning: --valor 9997 is what 3.3.3.3 has by its position: of " +
      "equal valors none is preferred\n",
  );
  assertEquals([await said("9999"), await said("7")], ["", ""]);
});

Deno.test("on a terminal it asks for what is missing, and again after a wrong answer", async () => {
  await using etc = await setUp({ password: null });
  const { code, shown } = await converse(["init", "--config", etc.config], [
    [/Servers .*: /, "1.1.1.1,2.2.2.x\n"],
    [/takes IP addresses[^]*Servers .*: /, "1.1.1.1,2.2.2.2,3.3.3.3\n"],
    [/This server: /, "9.9.9.9\n"],
    [/none of the nodes[^]*This server: /, "2.2.2.2\n"],
    [/Failover address .*: /, "3.3.3.3\n"],
    [/is a server's own address[^]*Failover address .*: /, "4.4.4.4\n"],
    [/User: /, "FOO\n"],
    [/Password: /, "a,HIDDEN\\b\n"],
    [/2 of 3 nodes[^]*main address +2\.2\.2\.2[^]*Write this.*: /, "perhaps\n"],
    [/the answer is yes or no[^]*Write this.*: /, "yes\n"],
  ]);
  assertEquals(code, 0, shown);
  assertEquals(shown.includes("HIDDEN"), false, shown);
  assertEquals(await etc.read("failover.password"), "a,HIDDEN\\b\n");
  assertEquals((await Deno.stat(`${etc.folder}/failover.password`)).mode! & 0o777, 0o600);
  const { legions: [legion], warnings } = readConfiguration(etc.config);
  assertEquals(warnings, []);
  assertEquals([legion.address.host, legion.valor], ["2.2.2.2", 9998]);
  const [{ action }] = legion.hooks;
  assert(action.kind === "hetzner-failoverip");
  assertEquals((action.settings as KeptSettings).password, "a,HIDDEN\\b");
});

Deno.test("on a terminal: at a no nothing is written, and --yes does not ask", async () => {
  await using etc = await setUp();
  const args = ["init", ...whole, "--config", etc.config];
  const { code, shown } = await converse(args, [[/Write this.*: /, "no\n"]]);
  assertEquals([code, etc.names()], [1, ["failover.password"]], shown);
  assertStringIncludes(shown, "nothing was written");
  const unasked = await converse([...args, "--yes"], []);
  assertEquals(unasked.code, 0, unasked.shown);
  assertEquals(etc.names(), ["failover.ini", "failover.password", "failover.secret"]);
});

Deno.test("a second run says what is there, whether it is right, and what to type", async () => {
  await using etc = await setUp();
  await run(["init", ...whole, "--config", etc.config]);
  const before = await etc.read("failover.ini");
  const { code, out, err } = await run(["init", "--config", etc.config]);
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(
    out,
    "legion failover: this server is 1.1.1.1:2000, valor 9999, of 3 nodes; it moves 4.4.4.4\n",
  );
  assertStringIncludes(out, ` doctor --config ${etc.config}\n`);
  assertStringIncludes(out, `  mv ${etc.config} ${etc.config}.old\n`);
  // The options say what to write: that was not done.
  const refused = await run(["init", ...whole, "--config", etc.config]);
  assertEquals([refused.code, refused.out], [2, ""]);
  assertStringIncludes(refused.err, "this server is 1.1.1.1:2000");
  assertEquals(await etc.read("failover.ini"), before);
});

Deno.test("Ctrl-D at a question: nothing is written", async () => {
  await using etc = await setUp({ password: null });
  const { code, shown } = await converse(["init", "--config", etc.config], [
    [/Servers .*: /, "\x04"],
  ]);
  assertEquals(code, 2);
  assertStringIncludes(shown, "no answer: nothing was done");
  assertEquals(etc.names(), []);
});

/** Three servers of this machine, each with its configuration by init. */
async function legion(
  etc: Awaited<ReturnType<typeof setUp>>,
  more: readonly string[],
  url: string,
) {
  const [port] = freePorts(1);
  const hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];
  const files: string[] = [];
  for (const [index, host] of hosts.entries()) {
    const config = `${etc.folder}/server-${index + 1}.ini`;
    const secret = `${etc.folder}/server-1.secret`;
    const { code, err } = await run([
      "init",
      ...["--addresses", hosts.join(","), "--me", host, "--port", `${port}`],
      ...["--ip", "4.4.4.4", "--active-ip", `${index + 1}.1.1.1`, "--user", "FOO"],
      ...["--password-file", `${etc.folder}/failover.password`, "--config", config],
      ...index === 0 ? [] : ["--secret-file", secret],
      ...more,
    ]);
    assertEquals([code, err], [0, ""]);
    // No test asks the real Robot.
    const text = await Deno.readTextFile(config);
    await Deno.writeTextFile(config, text.replace(/(active_ip=.*)/, `$1,url=${url}`));
    files.push(config);
  }
  return files;
}

function start(etc: { folder: string }, name: string, config: string): TestProcess {
  const env = { RUNTIME_DIRECTORY: `${etc.folder}/${name}` };
  return failover(name, ["node", "--config", config, "--name", name], { env });
}

const robotOf = () =>
  startSimulator({
    accounts: [{ username: "FOO", password: "BAR" }],
    servers: [1, 2, 3].map((number) => ({ number, ip: `${number}.1.1.1` })),
    failovers: [{ ip: "4.4.4.4", activeServerIp: null }],
  });

Deno.test("nodes with what init wrote elect the first by lease, and route the address", async () => {
  await using etc = await setUp();
  await using robot = await robotOf();
  const files = await legion(etc, [], robot.failoverUrl("4.4.4.4"));
  await using a = start(etc, "a", files[0]);
  await using b = start(etc, "b", files[1]);
  await using c = start(etc, "c", files[2]);
  await a.line(/this node is the lord/);
  assertEquals(robot.activeServerIp("4.4.4.4"), "1.1.1.1");
  for (const node of [a, b, c]) {
    await node.line(/a is elected/);
    assertEquals(node.lines.filter((line) => / (warn|error) /.test(line)), [], node.name);
  }
});

Deno.test({
  name: "with --uwsgi a uWSGI node reads the same file, and votes",
  ignore: !hasUwsgi,
  fn: async () => {
    await using etc = await setUp();
    await using robot = await robotOf();
    const files = await legion(etc, ["--uwsgi"], robot.failoverUrl("4.4.4.4"));
    const args = ["--master", "--ini", files[2]];
    await using uwsgi = new TestProcess({ name: "uwsgi", command: "uwsgi", args });
    await using a = start(etc, "a", files[0]);
    // Two of three: without the vote of uWSGI there would be no lord.
    await a.line(/this node is the lord/);
    await uwsgi.line(uwsgiSays.elected);
  },
});
