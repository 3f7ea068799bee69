// failover doctor, each thing broken for real: nodes as processes, and a Robot.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createSocket } from "node:dgram";
import type { Answer } from "../../lib/cli/doctor/answer.ts";
import { encodeAnnouncement } from "../../lib/legion/announcement.ts";
import { createCipher } from "../../lib/legion/cipher.ts";
import { openUdp } from "../../lib/node/transport.ts";
import { startSimulator } from "../../lib/robot/simulator.ts";
import { unit } from "../../lib/cli/systemd.ts";
import { makeCertificate } from "../lab/certificate.ts";
import { startNode } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { run } from "../lab/run.ts";
import { announcement } from "../legion/announcement.ts";

/** Nodes on loopback that may be started, and the doctor of each. */
async function setUp(count: number) {
  const stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  await Deno.mkdir(`${folder}/bin`);
  const ports = freePorts(count);
  const name = (index: number) => "abc"[index];
  const lines = (index: number, more: readonly string[]) =>
    [
      "[uwsgi]",
      `legion = one 127.0.0.1:${ports[index]} ${20 - index} bf-cbc:secret1`,
      ...ports.filter((port) => port !== ports[index])
        .map((port) => `legion-node = one 127.0.0.1:${port}`),
      `legion-quorum = one ${Math.floor(count / 2) + 1}`,
      "legion-freq = 0.1",
      "legion-tolerance = 1",
      `stats = ${folder}/${name(index)}.sock`,
      ...more,
      "",
    ].join("\n");
  const file = (index: number) => `${folder}/${name(index)}.ini`;
  return {
    folder,
    ports,
    file,
    /** Writes the configuration of a node that does not run. */
    write: (index: number, ...more: string[]) =>
      Deno.writeTextFile(file(index), lines(index, more), { mode: 0o600 }),
    start: async (index: number, ...more: string[]) =>
      stack.use(await startNode(folder, name(index), lines(index, more))),
    /** Puts a tool of the system, a shell script, before the real one. */
    tool: (command: string, script: string) =>
      Deno.writeTextFile(`${folder}/bin/${command}`, `#!/bin/sh\n${script}\n`, { mode: 0o755 }),
    doctor: async (index: number, ...args: string[]) => {
      const env = {
        RUNTIME_DIRECTORY: `${folder}/${name(index)}`,
        PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
      };
      const told = await run(["doctor", "--json", "--config", file(index), ...args], { env });
      const { ok, answers } = JSON.parse(told.out) as { ok: boolean; answers: Answer[] };
      assertEquals([told.code, told.err], [ok ? 0 : 1, ""]);
      const said = ({ sign, what, why }: Answer) => `${sign} ${what}: ${why}`;
      return {
        ok,
        answers,
        all: answers.map(said),
        wrong: answers.filter(({ sign }) => sign === "wrong").map(said),
      };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const isLord = /this node is the lord/;

function lordHook(url: string, { ip = "127.0.0.1", wanted = "127.0.0.1", more = "" } = {}): string {
  const login = "username=FOO,password=BAR,preflight=0";
  return `legion-lord = one hetzner-failoverip:${login},ip=${ip},active_ip=${wanted},url=${url}${more}`;
}

Deno.test("a node with which all is well: nothing is wrong, and the exit status is 0", async () => {
  const tls = makeCertificate();
  await using robot = await startSimulator({ accounts: [], servers: [], failovers: [], tls });
  await using legion = await setUp(1);
  await Deno.writeTextFile(`${legion.folder}/ca.pem`, tls.cert);
  const hook = lordHook(robot.url, { more: `,ca=${legion.folder}/ca.pem` });
  await legion.write(0, hook);
  const before = await legion.doctor(0);
  assertEquals(before.wrong.length, 1, before.wrong.join("\n"));
  assertMatch(before.wrong[0], /^wrong node: no node of one at \S+ answers here/);
  assertStringIncludes(before.all.join("\n"), `port ${legion.ports[0]}: 127.0.0.1:`);
  assertMatch(before.all.join("\n"), /^ok port \d+: 127\.0\.0\.1:\d+ is free$/m);
  assertMatch(before.all.join("\n"), /^ok Robot: 127\.0\.0\.1:\d+ answers, and its certificate/m);
  assertEquals(robot.requests.length, 0);
  await using node = await legion.start(0);
  await node.line(isLord);
  const { ok, all } = await legion.doctor(0);
  assertEquals(ok, true, all.join("\n"));
  assertMatch(all.join("\n"), /^ok port \d+: the node listens on 127\.0\.0\.1:\d+$/m);
  assertMatch(all.join("\n"), /^ok node: process \d+, version /m);
});

Deno.test("for a person: a line each, and the commands below", async () => {
  await using legion = await setUp(1);
  await legion.write(0, lordHook("http://127.0.0.1:1/", { wanted: "10.9.9.9" }));
  const args = ["doctor", "--config", legion.file(0)];
  const ascii = await run(args);
  assertEquals([ascii.code, ascii.err], [1, ""]);
  assertMatch(ascii.out, /^\+ configuration: .*a\.ini, section \[uwsgi\], is right: one\n/);
  assertMatch(
    ascii.out,
    /^x address 127\.0\.0\.1: .*a\.ini:7: as lord .* to 10\.9\.9\.9, which is on no interface here.*\n {4}ip -brief address$/m,
  );
  assertMatch(ascii.out, /\n\n\d+ answers: 3 wrong, \d to note\n$/);
  const utf8 = await run(args, { env: { LANG: "C.UTF-8" } });
  assertMatch(utf8.out, /^\u2713 configuration: /);
});

Deno.test("a configuration that is missing, wrong, or has a quorum that is never met", async () => {
  await using legion = await setUp(3);
  const missing = await legion.doctor(0);
  assertMatch(missing.wrong.join("\n"), /^wrong configuration: .*a\.ini: there is no such file$/m);
  await legion.write(0, "legion-quorun = one 2", "legion-freq = x");
  const { wrong } = await legion.doctor(0);
  assertMatch(wrong.join("\n"), /a\.ini:9: legion-quorun: .*did you mean legion-quorum/);
  assertMatch(wrong.join("\n"), /a\.ini:10: legion-freq: /);
  await legion.write(0, "legion-quorum = one 4");
  const never = await legion.doctor(0);
  assertMatch(
    never.wrong.join("\n"),
    /^wrong quorum, one: .*4, .*3 nodes: there is never a lord$/m,
  );
});

Deno.test("a port that another process has", async () => {
  await using legion = await setUp(1);
  await legion.write(0);
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(legion.ports[0], "127.0.0.1", resolve));
  try {
    const { wrong } = await legion.doctor(0);
    assertMatch(wrong.join("\n"), /^wrong port \d+: 127\.0\.0\.1:\d+ is in use/m);
  } finally {
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  }
});

Deno.test("the certificate does not verify; the name is unknown; nobody listens", async () => {
  const tls = makeCertificate();
  await using robot = await startSimulator({ accounts: [], servers: [], failovers: [], tls });
  await using legion = await setUp(1);
  const [port] = freePorts(1);
  const table: [url: string, says: RegExp][] = [
    [robot.url, /^wrong Robot: \w+: the certificate does not verify: /m],
    ["https://name.invalid/", /^wrong Robot: (ENOTFOUND|EAI_AGAIN): no connection: /m],
    [`https://127.0.0.1:${port}/`, /^wrong Robot: ECONNREFUSED: no connection: /m],
  ];
  for (const [url, says] of table) {
    await legion.write(0, lordHook(url));
    assertMatch((await legion.doctor(0)).wrong.join("\n"), says);
  }
  await legion.write(0, lordHook(robot.url, { more: ",ssl_no_verify=1" }));
  assertMatch((await legion.doctor(0)).all.join("\n"), /^note Robot: .*not verified$/m);
});

Deno.test("--look asks once, and tells a login that is refused", async () => {
  await using legion = await setUp(1);
  await using robot = await startSimulator({
    accounts: [{ username: "FOO", password: "BAR" }],
    servers: [{ number: 1, ip: "127.0.0.1", ipv6Net: "2a01:4f8:1::" }],
    failovers: [{ ip: "4.4.4.4" }],
  });
  const hook = lordHook(robot.failoverUrl("4.4.4.4"), { ip: "4.4.4.4" });
  await legion.write(0, hook);
  const { all } = await legion.doctor(0, "--look");
  assertMatch(all.join("\n"), /^ok address 4\.4\.4\.4: it points to 127\.0\.0\.1; as lord /m);
  assertMatch(all.join("\n"), /^note Robot: .*over plain http$/m);
  assertEquals(robot.requests.length, 1);
  await legion.write(0, hook.replace("BAR", "WRONG"));
  const { wrong } = await legion.doctor(0, "--look");
  assertMatch(wrong.join("\n"), /^wrong address 4\.4\.4\.4: UNAUTHORIZED: /m);
  assertEquals(robot.requests.length, 2);
});

Deno.test("of three nodes one is stopped, and one has another secret", async () => {
  await using legion = await setUp(3);
  await using a = await legion.start(0);
  await using b = await legion.start(1);
  await a.line(isLord);
  const well = await legion.doctor(0);
  const secret = `legion = one 127.0.0.1:${legion.ports[2]} 1 bf-cbc:another`;
  await using c = await startNode(
    legion.folder,
    "c",
    `[uwsgi]\n${secret}\nlegion-node = one 127.0.0.1:${legion.ports[0]}\nlegion-freq = 0.1\n`,
  );
  await c.line(/one: /);
  await a.line(/does not decrypt/);
  const { wrong } = await legion.doctor(0);
  assertMatch(wrong.join("\n"), /another secret/);
  b.signal("SIGSTOP");
  const hangs = await legion.doctor(1);
  b.signal("SIGCONT");
  assertMatch(hangs.wrong.join("\n"), /^wrong node: it runs, and hangs or is stopped: /m);
  await b.end("SIGTERM");
  await a.line(/b (left|has left|took leave)|no longer the lord/);
  const alone = await legion.doctor(0);
  assertMatch(alone.wrong.join("\n"), /no quorum|no lord/);
  assertStringIncludes(well.all.join("\n"), "quorum, one: 2 of 3 nodes");
});

Deno.test("the line of another server: the address would go there", async () => {
  await using legion = await setUp(1);
  const hook = lordHook("http://127.0.0.1:1/", { wanted: "127.0.0.2" });
  await legion.write(0, "legion-node = one 127.0.0.2:2000", "legion-quorum = one 2", hook);
  const { wrong } = await legion.doctor(0);
  assertMatch(
    wrong.join("\n"),
    /^wrong address 127\.0\.0\.1: .*a\.ini:\d+: .* to 127\.0\.0\.2, which is another node \(127\.0\.0\.2:2000\)$/m,
  );
});

Deno.test("the clock of another node is off, as the node here hears it", async () => {
  await using legion = await setUp(2);
  await using a = await legion.start(0);
  await a.line(/no quorum/);
  const peer = await openUdp({
    address: { host: "127.0.0.1", port: legion.ports[1] },
    casting: "unicast",
    received: () => {},
    unsent: () => {},
  });
  const unix = Math.floor(Date.now() / 1000) - 45;
  const node = `127.0.0.1:${legion.ports[1]}`;
  const cipher = await createCipher({ cipher: "bf-cbc", secret: "secret1", iv: "" });
  let seq = 0;
  const speak = () => {
    const said = { legion: "one", valor: 5, unix, name: "late", uuid: "l".repeat(36), node };
    const body = encodeAnnouncement(announcement({ ...said, seq: ++seq }));
    peer.send(cipher.seal(body), { host: "127.0.0.1", port: legion.ports[0] });
  };
  const speaking = setInterval(speak, 50);
  try {
    await a.line(/late joined/);
    const { answers } = await legion.doctor(0);
    const found = answers.find(({ why, sign }) => sign === "wrong" && /clock/.test(why));
    assertMatch(found?.why ?? "", /^late \(127\.0\.0\.1:\d+\): .*clock/);
    assertEquals([found?.topic, found?.remedy], ["clock", "ssh 127.0.0.1 timedatectl"]);
  } finally {
    clearInterval(speaking);
    await peer.close();
  }
});

Deno.test("the file says something else than the node that runs", async () => {
  await using legion = await setUp(3);
  await using a = await legion.start(0);
  await a.line(/no quorum/);
  await legion.write(0, "legion-quorum = one 3", "legion-freq = 0.2");
  const { wrong } = await legion.doctor(0);
  assertMatch(wrong.join("\n"), /^wrong node: it runs with legion-quorum 2, and the file says 3$/m);
  assertMatch(
    wrong.join("\n"),
    /^wrong node: it runs with legion-freq 0.1, and the file says 0.2$/m,
  );
});

/** A systemctl that knows the unit, and runs it as this user. */
function systemctl(folder: string, user: string): string {
  return `cat <<'END'
LoadState=loaded
ActiveState=inactive
UnitFileState=enabled
FragmentPath=${folder}/failover.service
NeedDaemonReload=no
User=${user}
Group=
MainPID=0
END`;
}

const isRoot = Deno.uid() === 0;

Deno.test({
  name: "root tries whether the service's user can read the files",
  ignore: !isRoot,
  async fn() {
    await using legion = await setUp(1);
    await Deno.chmod(legion.folder, 0o755);
    await Deno.writeTextFile(`${legion.folder}/failover.service`, unit);
    await Deno.writeTextFile(`${legion.folder}/secret`, "x", { mode: 0o600 });
    await legion.write(0, `legion-scroll = one @(${legion.folder}/secret)`);
    await legion.tool("systemctl", systemctl(legion.folder, "nobody"));
    const { all, wrong, answers } = await legion.doctor(0);
    const path = legion.file(0);
    assertEquals(wrong.filter((answer) => answer.startsWith("wrong files")), [
      `wrong files: nobody, the node's user, cannot read ${path}`,
      `wrong files: nobody, the node's user, cannot read ${legion.folder}/secret`,
    ]);
    assertMatch(all.join("\n"), /^ok unit: .*failover\.service is current, and starts at boot$/m);
    const node = answers.find(({ what, sign }) => what === "node" && sign === "wrong");
    assertEquals(node?.remedy, "systemctl start failover");
    await Deno.chmod(path, 0o644);
    await Deno.chmod(`${legion.folder}/secret`, 0o644);
    const mended = await legion.doctor(0);
    assertMatch(
      mended.all.join("\n"),
      /^ok files: nobody, the node's user, can read all 2 files$/m,
    );
  },
});

Deno.test("another user judges it by the files' modes, and says what it may not read", {
  ignore: !isRoot,
}, async () => {
  await using legion = await setUp(1);
  await Deno.chmod(legion.folder, 0o755);
  await Deno.writeTextFile(`${legion.folder}/failover.service`, unit);
  await legion.write(0);
  await legion.tool("systemctl", systemctl(legion.folder, "daemon"));
  await legion.tool("setpriv", "exit 1");
  await legion.tool("runuser", "exit 1");
  const { wrong } = await legion.doctor(0);
  assertMatch(wrong.join("\n"), /^wrong files: daemon, the node's user, cannot read .*a\.ini$/m);
});

Deno.test("without a single tool, and with tools that hang or talk nonsense", async () => {
  await using legion = await setUp(1);
  await using a = await legion.start(0);
  await a.line(isLord);
  const tools = ["systemctl", "ss", "timedatectl", "chronyc", "ps", "id", "setpriv", "runuser"];
  for (const tool of tools) await legion.tool(tool, "exec sleep 100");
  const begun = performance.now();
  const hung = await legion.doctor(0, "--timeout", "2");
  const tookMs = performance.now() - begun;
  assertEquals([hung.ok, tookMs < 15_000], [true, true], `${hung.all.join("\n")} ${tookMs}`);
  assertMatch(hung.all.join("\n"), /^note port \d+: not known: /m);
  for (const tool of tools) await legion.tool(tool, "head -c 1000000 /dev/urandom");
  assertMatch((await legion.doctor(0)).all.join("\n"), /^ok node: process \d+, /m);
});

Deno.test("wrong usage ends with 2, and nothing is asked", async () => {
  for (const args of [["--timeout", "x"], ["more"], ["--nothing"], ["--timeout", "0"]]) {
    const { code, out } = await run(["doctor", ...args]);
    assertEquals([code, out], [2, ""], args.join(" "));
  }
});
