// Status and --check, each condition produced for real: processes on loopback, and a Robot.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { decodeAnnouncement, encodeAnnouncement } from "../../lib/legion/announcement.ts";
import { createCipher } from "../../lib/legion/cipher.ts";
import { openUdp } from "../../lib/node/transport.ts";
import { startNode } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { startRobot } from "../lab/robot.ts";
import { announcement } from "../legion/announcement.ts";
import { legionsOf } from "../lab/stats.ts";
import { run } from "../lab/run.ts";

const isLord = /this node is the lord/;
const secret = "secret1";

/** Some nodes that may be started, each with its own configuration and socket. */
async function setUp(count: number) {
  const folder = await Deno.makeTempDir();
  const ports = freePorts(count);
  const config = (index: number) => `${folder}/${"abc"[index]}.ini`;
  const env = (index: number) => ({ RUNTIME_DIRECTORY: `${folder}/${"abc"[index]}` });
  return {
    folder,
    ports,
    start: (index: number, ...more: string[]) => {
      const own = `legion = one 127.0.0.1:${ports[index]} ${20 - index} bf-cbc:${secret}`;
      const text = ["[uwsgi]", own, "legion-freq = 0.1", "legion-tolerance = 0.5"];
      const stats = `stats = ${folder}/${"abc"[index]}.sock`;
      return startNode(folder, "abc"[index], [...text, stats, ...more, ""].join("\n"));
    },
    peer: (index: number) => `legion-node = one 127.0.0.1:${ports[index]}`,
    status: (index: number, ...args: string[]) =>
      run(["status", "--config", config(index), ...args], { env: env(index) }),
    check: async (index: number, ...args: string[]) => {
      const line = ["status", "--check", "--config", config(index), ...args];
      const { code, out } = await run(line, { env: env(index) });
      return [code, out.replace(/ \|.*\n/, "").trim()];
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** The verdict of the first node once it misses another, which has had the time to be heard. */
async function missed(legion: Awaited<ReturnType<typeof setUp>>): Promise<[number, string]> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const [code, line] = await legion.check(0);
    if (/never heard/.test(`${line}`) || performance.now() > deadline) return [+code, `${line}`];
  }
}

Deno.test("OK: one line and the figures; with --quiet nothing", async () => {
  await using legion = await setUp(1);
  await using a = await legion.start(0);
  await a.line(isLord);
  const { code, out } = await legion.status(0, "--check");
  assertEquals(code, 0);
  assertMatch(
    out,
    /^FAILOVER OK - one: this node is the lord, (1 present|1 of 1 nodes up) \| lord=1 members=0 votes=1 quorum=0 lordless=0\.0s dropped=0c up=1 transitions=\dc\n$/,
  );
  assertEquals(await legion.check(0, "--quiet"), [0, ""]);
});

Deno.test("the table: what is wrong first, who is lord, and why not", async () => {
  await using legion = await setUp(2);
  await using a = await legion.start(0, legion.peer(1), "legion-quorum = one 2");
  await using b = await legion.start(1, legion.peer(0), "legion-quorum = one 2");
  await a.line(isLord);
  await b.line(/a is elected/);
  const { code, out, err } = await legion.status(1);
  assertEquals([code, err], [0, ""]);
  assertMatch(out, /^ {2}guarantee lease$/m);
  assertMatch(out, /^node b, process \d+, version /m);
  assertStringIncludes(out, "legion one: this node is a follower (a has a higher valor (20))");
  assertMatch(out, /^ {2}\* a +20 +127\.0\.0\.1:\d+ +\d\.\d s ago +lord$/m);
  assertEquals(await legion.check(1), [
    0,
    "FAILOVER OK - one: the lord is a, 2 of 2 nodes up",
  ]);
  const json = await legion.status(1, "--json");
  assertEquals(JSON.parse(json.out).legions[0].state, "follower");
});

Deno.test("critical: no node answers", async () => {
  await using legion = await setUp(1);
  await using a = await legion.start(0);
  await a.line(isLord);
  await a.end("SIGTERM");
  const [code, line] = await legion.check(0);
  assertEquals(code, 2);
  assertMatch(
    String(line),
    /^FAILOVER CRITICAL - no node of one at 127\.0\.0\.1:\d+ answers here; looked in .*\/a, /,
  );
  const status = await legion.status(0);
  assertEquals([status.code, status.out], [1, ""]);
  assertMatch(status.err, /^failover status: no node of one at 127\.0\.0\.1:\d+ answers here/);
});

Deno.test("critical: no quorum, and so no lord; warning: a node that was never heard", async () => {
  await using legion = await setUp(2);
  await using a = await legion.start(0, legion.peer(1), "legion-quorum = one 2");
  await a.line(/no quorum/);
  const [code, told] = await missed(legion);
  assertEquals(code, 2);
  assertMatch(told, /no lord for \d s: no quorum: 1 of 2 nodes hear each other, 2 needed/);
  assertStringIncludes(told, `127.0.0.1:${legion.ports[1]}: never heard`);
});

Deno.test("critical: two members that both say that they are lord", async () => {
  await using legion = await setUp(3);
  // Neither of the two hears the other; the third hears both.
  await using a = await legion.start(0, legion.peer(2));
  await using b = await legion.start(1, legion.peer(2));
  await a.line(isLord);
  await b.line(isLord);
  await using c = await legion.start(2);
  await c.line(/b joined/);
  await c.line(/a joined/);
  const [code, line] = await legion.check(2);
  assertEquals(code, 2);
  assertMatch(String(line), /(a and b|b and a) all say that they are lord/);
});

Deno.test("critical: the address points elsewhere; warning: the hook failed", async () => {
  await using robot = await startRobot();
  await using legion = await setUp(1);
  robot.fail({ kind: "error", method: "POST", status: 404, code: "FAILOVER_NEW_SERVER_NOT_FOUND" });
  const url = robot.failoverUrl("4.4.4.4");
  const action = `username=FOO,password=BAR,ip=4.4.4.4,active_ip=1.1.1.1,url=${url}`;
  await using a = await legion.start(0, `legion-lord = one hetzner-failoverip:${action}`);
  await a.line(isLord);
  await a.line(/preflight: 4\.4\.4\.4 points to 2\.2\.2\.2/);
  const [code, line] = await legion.check(0);
  assertEquals(code, 2);
  assertStringIncludes(String(line), "4.4.4.4 points to 2.2.2.2, not here");
  assertMatch(
    String(line),
    /lord hook \(line \d\): failed: refused: FAILOVER_NEW_SERVER_NOT_FOUND/,
  );
  const { out } = await legion.status(0);
  assertMatch(out, /4\.4\.4\.4 points to 2\.2\.2\.2, seen \d+ s ago by this node/);
});

Deno.test("--robot: where the addresses point now, by one question each", async () => {
  await using robot = await startRobot();
  await using legion = await setUp(1);
  const url = robot.failoverUrl("4.4.4.4");
  const list = `username=FOO,password=BAR,ip=4.4.4.4,active_ip=1.1.1.1,url=${url},preflight=0`;
  // An unlord hook that sends the address away asks about the same address: no second question.
  const away = `legion-unlord = one hetzner-failoverip:${list.replace("=1.1.1.1", "=3.3.3.3")}`;
  await using a = await legion.start(0, `legion-lord = one hetzner-failoverip:${list}`, away);
  await a.line(isLord);
  robot.route("4.4.4.4", "2.2.2.2");
  const before = robot.count("GET");
  const without = await legion.status(0);
  assertMatch(without.out, /4\.4\.4\.4 points to 1\.1\.1\.1, seen/);
  const { code, out } = await legion.status(0, "--robot");
  assertEquals([code, robot.count("GET") - before], [0, 1]);
  assertMatch(
    out,
    /^critical: 4\.4\.4\.4 points to 2\.2\.2\.2, not here \(failover help address-elsewhere\)\n/,
  );
});

Deno.test("--robot with a wrong password: one question, however many addresses", async () => {
  await using robot = await startRobot();
  await using legion = await setUp(1);
  const hook = (ip: string) =>
    "legion-lord = one hetzner-failoverip:username=FOO,password=WRONG,active_ip=1.1.1.1," +
    `ip=${ip},url=${robot.failoverUrl(ip)},preflight=0`;
  await using a = await legion.start(0);
  await a.line(isLord);
  const file = `${legion.folder}/a.ini`;
  const hooks = ["4.4.4.4", "5.5.5.5", "6.6.6.6"].map(hook).join("\n");
  await Deno.writeTextFile(file, `${await Deno.readTextFile(file)}${hooks}\n`);
  const { code, out } = await legion.status(0, "--robot");
  assertEquals([code, robot.count("GET")], [0, 1]);
  assertMatch(out, /5\.5\.5\.5: not asked: the login failed at /);
  const check = await legion.status(0, "--robot", "--check");
  assertEquals([check.code, check.out.slice(0, 27)], [3, "FAILOVER UNKNOWN - --robot "]);
  for (const more of [["--watch"], ["--stats", `${legion.folder}/a.sock`]]) {
    const refused = await legion.status(0, "--robot", ...more);
    assertEquals([refused.code, refused.out], [2, ""]);
    assertStringIncludes(refused.err, "failover: --robot ");
  }
  assertEquals(robot.count("GET"), 1);
});

Deno.test("2,000 questions in a row: no announcement is missed, and the lord stays", async () => {
  await using legion = await setUp(2);
  const [stats] = freePorts(1);
  const cipher = await createCipher({ cipher: "bf-cbc", secret, iv: "" });
  const counted: number[] = [];
  const listener = await openUdp({
    address: { host: "127.0.0.1", port: legion.ports[1] },
    casting: "unicast",
    received: (datagram) => counted.push(decodeAnnouncement(cipher.open(datagram)).seq),
    unsent: () => {},
  });
  await using a = await legion.start(0, legion.peer(1), `stats = 127.0.0.1:${stats}`);
  await a.line(isLord);
  const begun = performance.now();
  const before = counted.length;
  for (let i = 0; i < 2_000; i++) assertEquals((await legionsOf(stats))[0].state, "lord");
  const periods = (performance.now() - begun) / 100;
  const announced = counted.length - before;
  await listener.close();
  assertEquals(counted, counted.map((_, index) => counted[0] + index));
  assertEquals(announced >= Math.floor(periods / 2), true, `${announced} in ${periods} periods`);
});

Deno.test("warning: a node that was never heard, and a hook that failed", async () => {
  await using legion = await setUp(2);
  await using a = await legion.start(0, legion.peer(1), "legion-lord = one cmd:exit 3");
  await a.line(isLord);
  const [code, line] = await missed(legion);
  assertEquals(code, 1);
  assertStringIncludes(String(line), `127.0.0.1:${legion.ports[1]}: never heard`);
  assertMatch(
    String(line),
    /lord hook \(line \d\): failed: the command ended with exit status 3 \(failover help node-silent, no-guarantee, hook-failed\)$/,
  );
});

Deno.test("warning: a node that stands back", async () => {
  await using legion = await setUp(1);
  await using a = await legion.start(
    0,
    "legion-lord = one cmd:false",
    "legion-death-on-lord-error = 300",
    // Without a lord for longer than that, the verdict would be critical.
    "legion-tolerance = 60",
  );
  await a.line(/stands back as an arbiter.*a lord hook failed, for 300\.0 s more/);
  const [code, line] = await legion.check(0);
  assertEquals(code, 1);
  assertMatch(String(line), /\(this node: a lord hook failed, until 2\S+Z\)/);
});

Deno.test("warning: a clock that differs, and datagrams of a wrong key", async () => {
  await using legion = await setUp(1);
  // A datagram is heard once, and each second has one.
  await using a = await legion.start(0, "legion-tolerance = 5");
  await a.line(isLord);
  const [port] = freePorts(1);
  const peer = await openUdp({
    address: { host: "127.0.0.1", port },
    casting: "unicast",
    received: () => {},
    unsent: () => {},
  });
  const to = { host: "127.0.0.1", port: legion.ports[0] };
  const uuid = crypto.randomUUID();
  const body = () => {
    const unix = Math.floor(Date.now() / 1000) - 45;
    return encodeAnnouncement(announcement({ legion: "one", valor: 5, unix, name: "late", uuid }));
  };
  const other = await createCipher({ cipher: "bf-cbc", secret: "another", iv: "" });
  peer.send(other.seal(body()), to);
  await a.line(/dropped a datagram/);
  const cipher = await createCipher({ cipher: "bf-cbc", secret, iv: "" });
  const speaking = setInterval(() => peer.send(cipher.seal(body()), to), 50);
  await a.line(/late joined/);
  const [code, line] = await legion.check(0);
  clearInterval(speaking);
  await peer.close();
  assertEquals(code, 1);
  assertMatch(String(line), /late \(127\.0\.0\.1:\d+\): .*clock.*-?4[56] s/);
  assertStringIncludes(String(line), "datagrams with another secret, IV or cipher come in");
});

Deno.test("a node that tells its stats by HTTP is asked that way, by its configuration or --http", async () => {
  await using legion = await setUp(1);
  await using a = await legion.start(0, "stats-http = true");
  await a.line(isLord);
  for (const args of [[], ["--stats", `${legion.folder}/a.sock`, "--http"]]) {
    const { code, out, err } = await legion.status(0, ...args);
    assertEquals([code, err], [0, ""]);
    assertStringIncludes(out, "legion one: this node is the lord\n");
  }
});

Deno.test("a status asked for in the wrong way: it is said which would be right", async () => {
  await using legion = await setUp(2);
  await using a = await legion.start(0, "stats-http = true");
  await using b = await legion.start(1);
  await Promise.all([a.line(/stats at .*a\.sock/), b.line(/stats at .*b\.sock/)]);
  const [byHttp, plain] = ["a", "b"].map((name) => `${legion.folder}/${name}.sock`);
  const cases: [args: string[], message: string][] = [
    [
      ["--stats", byHttp],
      `the node at ${byHttp} tells its status by HTTP (stats-http): right would be --http`,
    ],
    [
      ["--stats", plain, "--http"],
      `the node at ${plain} does not tell its status by HTTP: right would be no --http`,
    ],
  ];
  for (const [args, message] of [...cases, [["--http"], "--http needs --stats"]] as const) {
    const { code, out, err } = await run(["status", ...args]);
    assertEquals([code, out, err], [
      2,
      "",
      `failover: ${message}\nSee: failover help status\n`,
    ]);
    const checked = await run(["status", "--check", ...args]);
    assertEquals([checked.code, checked.out], [3, `FAILOVER UNKNOWN - ${message}\n`]);
  }
});

Deno.test("--stats: the node there has to be the one that the other options mean", async () => {
  await using legion = await setUp(1);
  await using a = await legion.start(0);
  const at = ["--stats", `${legion.folder}/a.sock`];
  await a.line(/stats at .*a\.sock/);
  assertEquals((await run(["status", ...at, "--legion", "one"])).code, 0);
  for (const command of ["status", "lord"]) {
    const cases: [args: string[], message: string][] = [
      [["--legion", "two"], "the node is not in the legion two; there are one"],
      [
        ["--node", "127.0.0.1:1"],
        "--stats does not go with --node: either says which node is meant",
      ],
    ];
    for (const [args, message] of cases) {
      const { code, out, err } = await run([command, ...at, ...args]);
      assertEquals([code, out], [2, ""]);
      assertEquals(err, `failover: ${message}\nSee: failover help ${command}\n`);
    }
  }
});

Deno.test("without a stats option the node is found all the same", async () => {
  await using legion = await setUp(1);
  const folder = await Deno.makeTempDir();
  const text = `[uwsgi]\nlegion = two 127.0.0.1:${legion.ports[0]} 1 bf-cbc:x\nlegion-freq = 0.1\n`;
  {
    await using node = await startNode(folder, "node", text);
    await node.line(isLord);
    const env = { RUNTIME_DIRECTORY: `${folder}/node` };
    const { code, out } = await run(["status", "--config", `${folder}/node.ini`], { env });
    assertEquals(code, 0);
    assertStringIncludes(out, "legion two: this node is the lord\n");
  }
  await Deno.remove(folder, { recursive: true });
});
