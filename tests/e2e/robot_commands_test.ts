// takeover, release and addresses, as somebody types them: processes against a Robot on loopback. How
// a takeover ends is in tests/robot/circumstances_test.ts.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { freePorts } from "../lab/free_ports.ts";
import { socketsIn } from "../../lib/config/node_sockets.ts";
import { startSimulator } from "../../lib/robot/simulator.ts";
import { startNode } from "../lab/failover.ts";
import { startRobot } from "../lab/robot.ts";
import { run, type RunOptions } from "../lab/run.ts";

const secret = "BAR";

async function setUp(more = "") {
  const robot = await startRobot();
  const folder = await Deno.makeTempDir();
  const config = `${folder}/failover.ini`;
  const [port] = freePorts(1);
  const text = `[uwsgi]
legion = one 127.0.0.1:${port} 10 bf-cbc:x
legion-freq = 0.1
legion-lord = one hetzner-failoverip:username=FOO,password=${secret},ip=4.4.4.4,active_ip=1.1.1.1,url=${
    robot.failoverUrl("4.4.4.4")
  }
${more}
`;
  await Deno.writeTextFile(config, text, { mode: 0o600 });
  return {
    robot,
    folder,
    config,
    address: { host: "127.0.0.1", port },
    text,
    requests: () => robot.requests.map(({ method }) => method),
    async [Symbol.asyncDispose]() {
      await robot.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function takeover(config: string, ...args: string[]) {
  const result = await run(["takeover", "--ip", "4.4.4.4", "--config", config, ...args]);
  assertEquals(`${result.out}${result.err}`.includes(secret), false, "the password is told");
  return result;
}

Deno.test("takeover with only a configuration: to this server, and a second time nothing", async () => {
  await using setup = await setUp();
  const first = await takeover(setup.config);
  assertEquals([first.code, first.err], [0, ""]);
  assertMatch(first.out, /^4\.4\.4\.4 points to 1\.1\.1\.1 \(\d+\.\d s\)\n$/);
  assertEquals(setup.robot.activeServerIp("4.4.4.4"), "1.1.1.1");
  const second = await takeover(setup.config);
  assertEquals(second.code, 0);
  assertStringIncludes(second.out, "4.4.4.4 already pointed to 1.1.1.1");
  assertEquals(setup.requests(), ["POST", "POST"]);
});

Deno.test("the action of the uWSGI plugin's README is taken as it stands", async () => {
  await using setup = await setUp();
  const original = new URL("../config/original/server-1.1.1.1.ini", import.meta.url).pathname;
  const { code, out } = await takeover(original, "--url", setup.robot.failoverUrl("4.4.4.4"));
  assertEquals(code, 0);
  assertStringIncludes(out, "4.4.4.4 points to 1.1.1.1");
});

Deno.test("--json: one object with all there is", async () => {
  await using setup = await setUp();
  const { code, out } = await takeover(setup.config, "--json");
  const { seconds, ...told } = JSON.parse(out);
  assertEquals([code, typeof seconds], [0, "number"]);
  assertEquals(told, {
    ip: "4.4.4.4",
    to: "1.1.1.1",
    outcome: "routed",
    code: null,
    message: "4.4.4.4 points to 1.1.1.1",
    posts: 1,
  });
});

Deno.test("--json: nowhere is null, what is not known is left out, and figures are rounded", async () => {
  await using setup = await setUp();
  const ask = async (...more: string[]) => {
    const { out } = await takeover(setup.config, "--json", ...more);
    assertMatch(out, /"seconds":\d+(\.\d{1,3})?,/);
    return JSON.parse(out);
  };
  setup.robot.route("4.4.4.4", null);
  assertEquals((await ask("--dry-run")).from, null);
  setup.robot.fail({ kind: "body", status: 500, body: "" });
  assertEquals((await ask()).from, null);
  setup.robot.fail({ kind: "error", status: 401, code: "UNAUTHORIZED" });
  assertEquals("from" in await ask(), false);
  setup.robot.fail({ kind: "error", status: 401, code: "UNAUTHORIZED" });
  assertEquals("from" in await ask("--dry-run"), false);
});

Deno.test("--dry-run: asks where it points, says what it would do, and does nothing", async () => {
  await using setup = await setUp();
  const here = await takeover(setup.config, "--dry-run");
  assertEquals(here, {
    code: 0,
    out: "4.4.4.4 points to 2.2.2.2: would route it to 1.1.1.1\n",
    err: "",
  });
  const there = await takeover(setup.config, "--dry-run", "--to", "2.2.2.2", "--json");
  const { seconds, ...told } = JSON.parse(there.out);
  assertEquals(typeof seconds, "number");
  assertEquals(told, {
    ip: "4.4.4.4",
    from: "2.2.2.2",
    to: "2.2.2.2",
    outcome: "already routed",
    code: null,
    message: "4.4.4.4 points to 2.2.2.2: nothing would be done",
    posts: 0,
  });
  assertEquals(setup.requests(), ["GET", "GET"]);
});

Deno.test("--dry-run --json is one object also when the Robot refuses", async () => {
  await using setup = await setUp();
  setup.robot.fail({ kind: "error", status: 404, code: "NOT_FOUND" });
  const { code, out } = await takeover(setup.config, "--dry-run", "--json");
  const { outcome, code: told } = JSON.parse(out);
  assertEquals([code, outcome, told], [1, "refused", "NOT_FOUND"]);
});

Deno.test("the action of the lord hook counts, whatever others do with the address", async () => {
  await using setup = await setUp();
  const away = setup.text.split("\n").find((line) => line.startsWith("legion-lord"))!
    .replace("legion-lord", "legion-unlord").replace("active_ip=1.1.1.1", "active_ip=2.2.2.2");
  await Deno.writeTextFile(setup.config, setup.text.replace("[uwsgi]", `[uwsgi]\n${away}`));
  const { out } = await takeover(setup.config, "--dry-run");
  assertEquals(out, "4.4.4.4 points to 2.2.2.2: would route it to 1.1.1.1\n");
});

Deno.test("an answer that cannot be written changes nothing in what was done", async () => {
  await using setup = await setUp();
  const on = ["sh", "-c", '"$@" > /dev/full', "sh"];
  const args = ["takeover", "--ip", "4.4.4.4", "--config", setup.config];
  const { code, err } = await run(args, { on });
  assertEquals([code, setup.robot.activeServerIp("4.4.4.4")], [0, "1.1.1.1"]);
  assertMatch(err, /^the answer cannot be written: /);
});

Deno.test("a node that does not answer is not taken for none", async () => {
  await using setup = await setUp();
  const { status: path } = socketsIn(setup.folder, setup.address);
  const listener = Deno.listen({ transport: "unix", path });
  const env = { RUNTIME_DIRECTORY: setup.folder };
  const args = ["takeover", "--ip", "4.4.4.4", "--config", setup.config];
  const { code, err } = await run(args, { env });
  listener.close();
  assertEquals([code, setup.robot.count("POST")], [2, 0]);
  assertStringIncludes(err, "with --force it is done all the same");
});

Deno.test("--to another server says that a lord takes the address back, and when", async () => {
  await using setup = await setUp();
  setup.robot.route("4.4.4.4", null);
  const { code, err } = await takeover(setup.config, "--to", "2.2.2.2");
  assertEquals(code, 0);
  assertEquals(
    err,
    "note: a lord that runs with this configuration takes 4.4.4.4 back within 310 s\n",
  );
  assertEquals(setup.robot.activeServerIp("4.4.4.4"), "2.2.2.2");
});

const refused: [what: string, args: string[], message: string][] = [
  [
    "no address",
    ["takeover"],
    "which address? Right would be --ip; the addresses in CONFIG are: 4.4.4.4",
  ],
  ["not an address", ["takeover", "--ip", "four"], "--ip takes an IP address, not four"],
  [
    "an address without an action",
    ["takeover", "--ip", "5.5.5.5"],
    "no action is for 5.5.5.5; the addresses in CONFIG are: 4.4.4.4",
  ],
  [
    "a target that is none",
    ["takeover", "--ip", "4.4.4.4", "--to", "x"],
    "--to: x is no IP address",
  ],
  [
    "a target of another family",
    ["takeover", "--ip", "4.4.4.4", "--to", "2a01::"],
    "--to: 4.4.4.4 can only be routed to an address of its own family, not to 2a01::",
  ],
  [
    "a URL that is not http",
    ["takeover", "--ip", "4.4.4.4", "--url", "ftp://x/"],
    "--url takes an http or https URL, not ftp://x/",
  ],
  [
    "a URL with credentials",
    ["takeover", "--ip", "4.4.4.4", "--url", "https://FOO:BAR@robot.invalid/failover/4.4.4.4"],
    "--url: user and password do not belong into https://***@robot.invalid/failover/4.4.4.4: " +
    "give them as --user and --password-file",
  ],
  [
    "a URL of an IPv6 address",
    ["addresses", "--url", "https://[2a01::2]/failover"],
    "--url: the Robot is asked over IPv4, not at https://[2a01::2]/failover",
  ],
  [
    "an address of a subnet, not its net address",
    ["takeover", "--ip", "2a01:4f8:fff1::2"],
    "--ip: of an IPv6 subnet the net address is meant: right would be 2a01:4f8:fff1::",
  ],
  [
    "no duration",
    ["takeover", "--ip", "4.4.4.4", "--timeout", "1m"],
    "--timeout: right would be a number of seconds: 0.001 to 86400",
  ],
  [
    "credentials of two kinds",
    ["takeover", "--ip", "4.4.4.4", "--user", "FOO"],
    "the credentials are either in --config or with --user, not both",
  ],
  [
    "release without a terminal",
    ["release", "--ip", "4.4.4.4"],
    "there is no terminal to ask at: give --yes",
  ],
];
for (const [what, args, message] of refused) {
  Deno.test(`exit status 2, and nothing is sent: ${what}`, async () => {
    await using setup = await setUp();
    const { code, out, err } = await run([...args, "--config", setup.config]);
    assertEquals([code, out, setup.requests()], [2, "", []]);
    assertStringIncludes(err, `failover: ${message.replace("CONFIG", setup.config)}\n`);
  });
}

// A machine's own /etc/failover.ini would be asked otherwise.
const withoutConfig = {
  ignore: await Deno.stat("/etc/failover.ini").then(() => true, () => false),
};

Deno.test(
  "the password from the environment, a file or standard input",
  withoutConfig,
  async () => {
    await using setup = await setUp();
    const { robot, folder } = setup;
    const file = `${folder}/password`;
    await Deno.writeTextFile(file, `${secret}\n`, { mode: 0o600 });
    const args = ["takeover", "--ip", "4.4.4.4", "--url", robot.failoverUrl("4.4.4.4")];
    const ways: [args: string[], options: RunOptions][] = [
      [[], { env: { ROBOT_USER: "FOO", ROBOT_PASSWORD: secret } }],
      [["--user", "FOO"], { env: { ROBOT_PASSWORD: secret } }],
      [["--user", "FOO", "--password-file", file], {}],
      [["--user", "FOO", "--password-file", "-"], { input: `${secret}\n` }],
    ];
    for (const [more, options] of ways) {
      robot.route("4.4.4.4", "1.1.1.1");
      const result = await run([...args, "--to", "2.2.2.2", ...more], options);
      assertEquals([result.code, result.err], [0, ""], more.join(" "));
      assertEquals(robot.activeServerIp("4.4.4.4"), "2.2.2.2");
    }
    const without = await run(args, { env: { ROBOT_USER: "FOO", ROBOT_PASSWORD: secret } });
    assertEquals(without.code, 2);
    assertStringIncludes(without.err, "where to? Without a configuration --to is needed");
  },
);

Deno.test("no credentials: what would be right, and nothing is sent", withoutConfig, async () => {
  const { code, err } = await run(["takeover", "--ip", "4.4.4.4", "--to", "1.1.1.1"]);
  assertEquals(code, 2);
  assertStringIncludes(err, "no credentials: there is no /etc/failover.ini; give --config FILE");
});

Deno.test(
  "without --ip the address is asked for before any credentials",
  withoutConfig,
  async () => {
    const message = "failover: which address? Right would be --ip 4.4.4.4\n";
    for (const args of [[], ["--to", "1.1.1.1"], ["--user", "FOO"], ["--token-file", "/none"]]) {
      const { code, out, err } = await run(["takeover", ...args]);
      assertEquals([code, out], [2, ""]);
      assertEquals(err, `${message}See: failover help takeover\n`);
    }
    const { code, err } = await run(["release"]);
    assertEquals([code, err], [2, `${message}See: failover help release\n`]);
  },
);

Deno.test("without --ip the addresses of the configuration are told, or where else they are", async () => {
  const folder = await Deno.makeTempDir();
  const config = `${folder}/failover.ini`;
  const legion = "[uwsgi]\nlegion = one 127.0.0.1:2000 10 bf-cbc:x\n";
  const robot = (ip: string) =>
    `legion-lord = one hetzner-failoverip:user=FOO,pass=x,ip=${ip},active_ip=1.1.1.1\n`;
  const upheld = "legion-lease = one on\nlegion-quorum = one 1\nlegion-release-time = one 1\n" +
    "legion-lord = one address:ip=10.0.0.9/24,dev=lo\n";
  const other = "right would be another --config, or --user NAME, or --token-file FILE";
  const cases: [text: string, message: string][] = [
    [
      robot("4.4.4.4") + robot("4.4.4.5"),
      `which address? Right would be --ip; the addresses in ${config} are: 4.4.4.4, 4.4.4.5`,
    ],
    [upheld, "10.0.0.9 is where the lord is: right would be failover handover"],
    ["", `no action that moves an address is in ${config}: ${other}`],
  ];
  for (const [text, message] of cases) {
    await Deno.writeTextFile(config, legion + text, { mode: 0o600 });
    const { code, out, err } = await run(["takeover", "--config", config]);
    assertEquals([code, out], [2, ""]);
    assertEquals(err, `failover: ${message}\nSee: failover help takeover\n`);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a password file that others may read gets a warning", async () => {
  await using setup = await setUp();
  const file = `${setup.folder}/password`;
  await Deno.writeTextFile(file, secret);
  const url = setup.robot.failoverUrl("4.4.4.4");
  const args = ["--to", "1.1.1.1", "--url", url, "--user", "FOO", "--password-file", file];
  for (const mode of [0o640, 0o604]) {
    await Deno.chmod(file, mode);
    const { code, err } = await run(["takeover", "--ip", "4.4.4.4", "--dry-run", ...args]);
    assertEquals([code, err], [0, `warning: others may read ${file}: chmod 600 ${file}\n`]);
  }
});

Deno.test("release: the address points nowhere, by a DELETE", async () => {
  await using setup = await setUp();
  const args = ["release", "--ip", "4.4.4.4", "--yes", "--json", "--config", setup.config];
  const first = await run(args);
  const { outcome, to, posts } = JSON.parse(first.out);
  assertEquals([first.code, outcome, to, posts], [0, "released", null, 1]);
  assertEquals([setup.robot.activeServerIp("4.4.4.4"), setup.requests()], [null, ["DELETE"]]);
});

Deno.test("addresses: a table, or JSON", async () => {
  await using setup = await setUp();
  const { code, out, err } = await run(["addresses", "--config", setup.config]);
  assertEquals([code, err], [0, ""]);
  assertEquals(out, "ADDRESS  POINTS TO  SERVER   STATUS\n4.4.4.4  2.2.2.2    1.1.1.1\n");
  const json = await run(["addresses", "--json", "--config", setup.config]);
  // By the API's names, as in failover status.
  assertEquals(JSON.parse(json.out), [{
    ip: "4.4.4.4",
    provider: "hetzner-robot",
    user: "FOO",
    netmask: "255.255.255.255",
    server_ip: "1.1.1.1",
    server_number: 1,
    points_to: "2.2.2.2",
    active_server_ip: "2.2.2.2",
  }]);
  setup.robot.fail({ kind: "error", status: 401, code: "UNAUTHORIZED" });
  assertEquals((await run(["addresses", "--config", setup.config])).code, 1);
});

Deno.test("addresses: none are an empty list, and an entry that cannot be read is a warning", async () => {
  await using setup = await setUp();
  const ask = async (status: number, body: string, ...more: string[]) => {
    setup.robot.fail({ kind: "body", status, body });
    return await run(["addresses", "--config", setup.config, ...more]);
  };
  assertEquals(await ask(404, "", "--json"), { code: 0, out: "[]\n", err: "" });
  const none = "there are no failover addresses on this account\n";
  assertEquals(await ask(200, "[]"), { code: 0, out: none, err: "" });
  const right = { failover: { ip: "5.5.5.5", active_server_ip: null } };
  const { code, out, err } = await ask(200, JSON.stringify([{ failover: { ip: "x" } }, right]));
  assertEquals([code, err], [
    0,
    'warning: an address of FOO cannot be read: {"failover":{"ip":"x"}}\n',
  ]);
  assertMatch(out, /\n5\.5\.5\.5 +nowhere\n$/);
});

Deno.test("addresses: all accounts of the configuration, also where one does not answer", async () => {
  await using setup = await setUp();
  await using other = await startSimulator({
    accounts: [{ username: "OTHER", password: secret }],
    servers: [{ number: 3, ip: "3.3.3.3" }],
    failovers: [{ ip: "6.6.6.6" }, { ip: "7.7.7.7" }],
  });
  const actions = ["6.6.6.6", "7.7.7.7"].map((ip) =>
    `legion-lord = one hetzner-failoverip:user=OTHER,pass=${secret},ip=${ip},active_ip=3.3.3.3,url=${
      other.failoverUrl(ip)
    }\n`
  );
  await Deno.writeTextFile(setup.config, `${setup.text}${actions.join("")}`);
  const all = await run(["addresses", "--config", setup.config]);
  assertEquals([all.code, all.out], [
    0,
    "ADDRESS  POINTS TO  SERVER   STATUS  USER\n" +
    "4.4.4.4  2.2.2.2    1.1.1.1          FOO\n" +
    "6.6.6.6  3.3.3.3    3.3.3.3          OTHER\n" +
    "7.7.7.7  3.3.3.3    3.3.3.3          OTHER\n",
  ]);
  assertEquals([setup.robot.count("GET"), other.count("GET")], [1, 1]);
  setup.robot.fail({ kind: "body", status: 503, body: "" });
  const rest = await run(["addresses", "--json", "--config", setup.config]);
  assertEquals(rest.code, 75);
  assertMatch(rest.err, /^failover addresses: FOO: MAINTENANCE: /m);
  assertEquals(JSON.parse(rest.out).map(({ ip }: { ip: string }) => ip), ["6.6.6.6", "7.7.7.7"]);
});

Deno.test("on a terminal it shows what it waits for; the line is gone afterwards", async () => {
  await using setup = await setUp();
  setup.robot.switchMs = 1_500;
  const args = ["takeover", "--ip", "4.4.4.4", "--config", setup.config];
  const shell = ["sh", "-c", 'exec script -qec "$*" /dev/null', "sh"];
  const { code, out } = await run(args, { on: shell });
  assertEquals(code, 0);
  assertStringIncludes(out, "0 s: waiting for the reply to POST, at most 60 s");
  assertStringIncludes(out, "1 s: waiting for the reply to POST, at most 60 s");
  const last = out.split("\r\u001b[K").at(-1)!;
  assertMatch(last, /^4\.4\.4\.4 points to 1\.1\.1\.1 \(\d\.\d s\)\r\n$/);
});

Deno.test("where the node here is not the lord, --force is needed", async () => {
  const [stats, nobody] = freePorts(2);
  const arbiter = `stats = 127.0.0.1:${stats}\nlegion-quorum = one 2\n` +
    `legion-node = one 127.0.0.1:${nobody}`;
  await using setup = await setUp(arbiter);
  await using node = await startNode(setup.folder, "node", setup.text);
  await node.line(/no quorum/);
  const refused = await takeover(setup.config);
  assertEquals([refused.code, setup.robot.count("POST")], [2, 0]);
  const why = "the node here is not the lord of one, which may take 4.4.4.4 back";
  assertStringIncludes(refused.err, `${why}; with --force it is done all the same`);
  const forced = await takeover(setup.config, "--force");
  assertEquals([forced.code, setup.robot.count("POST")], [0, 1]);
  assertStringIncludes(forced.err, `warning: ${why}\n`);
});

Deno.test("where the node here is the lord, it is said that it takes the address back", async () => {
  const [stats] = freePorts(1);
  await using setup = await setUp(`stats = 127.0.0.1:${stats}\nstats-http = true`);
  await using node = await startNode(setup.folder, "node", setup.text);
  await node.line(/this node is the lord/);
  const { code, err } = await takeover(setup.config, "--to", "2.2.2.2");
  assertEquals(code, 0);
  assertStringIncludes(
    err,
    "note: the node here is the lord and takes 4.4.4.4 back within 310 s\n",
  );
});
