// What is secret stays so: in logs, status, messages, and the command lines of all processes.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { freePorts } from "../lab/free_ports.ts";
import { failover } from "../lab/failover.ts";
import type { Fault } from "../../lib/robot/_fault.ts";
import { startSimulator } from "../../lib/robot/simulator.ts";
import { run, type RunOptions } from "../lab/run.ts";

// In every secret, and in nothing else on this machine.
const mark = `Zq7${crypto.randomUUID().slice(0, 8)}`;
const user = "#ws+user";
const password = `${mark}-pass,wörd=;"'<&\\`;
const secrets = [mark, password, `${user}:${password}`];

/** All the ways in which a secret might be written. */
const written = secrets.flatMap((secret) => {
  const bytes = new TextEncoder().encode(secret);
  return [secret, encodeURIComponent(secret), bytes.toBase64(), bytes.toHex()];
});

/** The lines of a text that tell a secret. */
function leaks(text: string): string[] {
  return text.split("\n").filter((line) => written.some((secret) => line.includes(secret)));
}

/** The command lines of all processes of this machine, an argument a line. */
async function commandLines(): Promise<string> {
  // A process may be gone by now.
  const command = "cat /proc/[0-9]*/cmdline 2> /dev/null | tr '\\0' '\\n'";
  const { stdout } = await new Deno.Command("sh", { args: ["-c", command] }).output();
  const lines = new TextDecoder().decode(stdout);
  assertStringIncludes(lines, Deno.execPath());
  return lines;
}

/** A Robot that knows the user, and a folder with all that a node needs. */
async function setUp() {
  const robot = await startSimulator({
    accounts: [{ username: user, password }],
    servers: [{ number: 1, ip: "1.1.1.1" }, { number: 2, ip: "2.2.2.2" }],
    failovers: [{ ip: "4.4.4.4", activeServerIp: "2.2.2.2" }],
  });
  const folder = await Deno.makeTempDir();
  const [port, statsPort] = freePorts(2);
  const passwordFile = `${folder}/password`;
  await Deno.writeTextFile(passwordFile, `${password}\n`, { mode: 0o600 });
  // In a list of settings it is escaped, in a file it is as it is.
  const inline = password.replace(/[\\,]/g, "\\$&");
  const action = (changed: { password?: string; url?: string } = {}) =>
    "hetzner-failoverip:ip=4.4.4.4,active_ip=1.1.1.1,timeout=5," +
    `username=${user},password=${changed.password ?? inline},` +
    `url=${changed.url ?? robot.failoverUrl("4.4.4.4")}`;
  const config = `${folder}/failover.ini`;
  const text = (...more: string[]) =>
    [
      "[uwsgi]",
      `legion = one 127.0.0.1:${port} 10 bf-cbc:${mark}-secret ${mark}-iv`,
      `legion-auth = one hmac-sha256:${mark}-auth`,
      "legion-freq = 0.1",
      "legion-death-on-lord-error = 300",
      `stats = 127.0.0.1:${statsPort}`,
      "stats-http = true",
      ...more,
      "",
    ].join("\n");
  return {
    robot,
    config,
    passwordFile,
    inline,
    action,
    text,
    write: (text: string) => Deno.writeTextFile(config, text, { mode: 0o600 }),
    start: async (text: string, format: string) => {
      await Deno.writeTextFile(config, text, { mode: 0o600 });
      const more = ["--name", "a", "--log-level", "debug", "--log-format", format];
      return failover("a", ["node", "--config", config, ...more]);
    },
    /** All that a node tells whoever asks. */
    async status(): Promise<string> {
      const told: string[] = [];
      for (const args of [[], ["--json"], ["--check"], ["--robot"]]) {
        const { out, err } = await run(["status", "--config", config, ...args]);
        assert(out !== "", err);
        told.push(out, err);
      }
      for (const place of ["/", "/stats", "/metrics", "/healthz", "/nothing"]) {
        const headers = { Accept: place === "/" ? "text/html" : "*/*" };
        const reply = await fetch(`http://127.0.0.1:${statsPort}${place}`, { headers });
        told.push(JSON.stringify([...reply.headers]), await reply.text());
      }
      return told.join("\n");
    },
    async [Symbol.asyncDispose]() {
      await robot.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

for (const format of ["text", "json"]) {
  Deno.test(`a node that takes over tells no secret (log as ${format})`, async () => {
    await using setup = await setUp();
    setup.robot.switchMs = 500;
    const lord = setup.action(format === "text" ? {} : { password: `@(${setup.passwordFile})` });
    const own = "cmd:env; tr '\\0' ' ' < /proc/self/cmdline; tr '\\0' ' ' < /proc/$PPID/cmdline";
    await using node = await setup.start(
      setup.text(
        `legion-lord = one ${lord}`,
        `legion-join = one ${own}; cat /proc/self/environ | tr '\\0' '\\n'`,
        `legion-death = one ${own}`,
      ),
      format,
    );
    await node.line(/routing 4\.4\.4\.4/);
    assertEquals(leaks(await commandLines()), []);
    await node.line(/this node is the lord/);
    const status = await setup.status();
    assertStringIncludes(status, "this node is the lord");
    assertEquals(leaks(status), []);
    assertEquals(await node.end("SIGTERM"), 0);
    await node.line(/FAILOVER_EVENT=death/);
    assertEquals(leaks(node.lines.join("\n")), []);
  });
}

/** A wrong login, wrong URLs, and a Robot that says again what it was told. */
const basic = new TextEncoder().encode(`${user}:${password}`).toBase64();
const echo = `Authorization: Basic ${basic}, that is ${user} with ${password}`;
const inHtml = (text: string) => text.replace(/[&<"']/g, (c) => `&#${c.charCodeAt(0)};`);
const failures: [what: string, log: RegExp, changed: { fault?: Fault; url?: string }][] = [
  ["401", /UNAUTHORIZED/, { fault: { kind: "error", status: 401, code: "UNAUTHORIZED" } }],
  ["nobody listens", /CONN|REFUSED|refused/i, { url: "http://127.0.0.1:1/failover/4.4.4.4" }],
  ["an unknown host", /lord hook|4\.4\.4\.4/, { url: "http://robot.invalid/failover/4.4.4.4" }],
  ["the login comes back", /500|lord hook/, { fault: { kind: "body", status: 500, body: echo } }],
  ["and in HTML, as an error page has it", /502|lord hook/, {
    fault: { kind: "body", status: 502, body: `<pre>${inHtml(echo)}</pre>` },
  }],
  ["and as a form", /502|lord hook/, {
    fault: { kind: "body", status: 502, body: new URLSearchParams([["a", echo]]).toString() },
  }],
  ["and as JSON", /404|lord hook/, {
    fault: {
      kind: "error",
      status: 404,
      code: "NOT_FOUND",
      fields: { message: echo, input: { authorization: basic, password } },
    },
  }],
];
for (const [what, log, { fault, url }] of failures) {
  Deno.test(`a node that cannot take over tells no secret: ${what}`, async () => {
    await using setup = await setUp();
    if (fault !== undefined) setup.robot.fail(fault, fault, fault, fault, fault, fault);
    const action = setup.action({ url }).replace("timeout=5", "timeout=1,deadline=2");
    await using node = await setup.start(setup.text(`legion-lord = one ${action}`), "text");
    await node.line(log);
    await node.line(/stands back/);
    assertEquals(leaks(await setup.status()), []);
    assertEquals(await node.end("SIGTERM"), 0);
    assertEquals(leaks(node.lines.join("\n")), []);
  });
}

Deno.test("takeover by hand tells no secret, wherever the password comes from", async () => {
  await using setup = await setUp();
  await setup.write(setup.text(`legion-lord = one ${setup.action()}`));
  const url = setup.robot.failoverUrl("4.4.4.4");
  const asUser = ["--user", user, "--to", "1.1.1.1", "--url"];
  const dead = "http://127.0.0.1:1/failover/4.4.4.4";
  const env = { ROBOT_USER: user, ROBOT_PASSWORD: password };
  const fromFile = ["--password-file", setup.passwordFile];
  const ways: [args: string[], options?: RunOptions][] = [
    [["--config", setup.config]],
    [["--config", setup.config, "--url", dead, "--timeout", "1"]],
    [[...asUser, url], { env }],
    [[...asUser, url, ...fromFile]],
    [[...asUser, dead, ...fromFile, "--timeout", "1"]],
    [[...asUser, url, "--password-file", "-"], { input: `${password}\n` }],
    [["--to", "1.1.1.1", "--url", url], { env }],
  ];
  for (const [args, options] of ways) {
    for (const more of [[], ["--json"], ["--dry-run"]]) {
      const { out, err } = await run(["takeover", "--ip", "4.4.4.4", ...args, ...more], options);
      assert(out + err !== "");
      assertEquals(leaks(`${out}\n${err}`), [], args.join(" "));
    }
  }
});

Deno.test("an error about a URL tells neither its user and password nor what its query says", async () => {
  for (const place of [`ftp://u:${mark}@h/?t=${mark}`, `http://u:${mark}@[::1]/?t=${mark}`]) {
    const args = ["takeover", "--ip", "4.4.4.4", "--to", "1.1.1.1", "--user", user, "--url", place];
    const { code, err } = await run(args, { env: { ROBOT_PASSWORD: password } });
    assertEquals([code, leaks(err)], [2, []]);
    assertStringIncludes(err, "/?t=***");
  }
});

Deno.test("while it takes over by hand, no process has the password in its command line", async () => {
  await using setup = await setUp();
  setup.robot.switchMs = 1_000;
  const where = ["--ip", "4.4.4.4", "--to", "1.1.1.1", "--url", setup.robot.failoverUrl("4.4.4.4")];
  const env = { ROBOT_USER: user, ROBOT_PASSWORD: password };
  await using process = failover("takeover", ["takeover", ...where], { env });
  await setup.robot.arrived("POST");
  assertEquals(leaks(await commandLines()), []);
  assertEquals(await process.status(), 0);
});

Deno.test("--check-config and the errors of a configuration tell no secret", async () => {
  await using setup = await setUp();
  const lord = `legion-lord = one ${setup.action()}`;
  const right = setup.text(lord, `pw = ${setup.inline}`, `legion-unlord = one cmd:true %(pw)`);
  const wrong = [
    right.replace(" bf-cbc:", " bf-cbx:"),
    right.replace(" bf-cbc:", " "),
    right.replace("hmac-sha256:", "hmac-md5:"),
    right.replace("legion-auth = one ", "legion-auth = "),
    right.replace("legion-auth = one ", "legion-auth one "),
    right.replaceAll("\\,", ","),
    right.replace("active_ip=1.1.1.1", "active_ip=1.1.1"),
    right.replace("url=http://", `url=http://${mark}:${mark}@`),
    right.replace("url=http://", `url=${mark}`),
    right.replace("password=", "password=\n"),
    right.replace("legion-lord = ", "legion-lord "),
    right.replace(`${mark}-auth`, `\n${mark}-auth`),
    right.replace("ip=4.4.4.4,", `ip=4.4.4.4,@(/nonexistent),$(UNSET),%(nothing),`),
  ];
  const say = async (text: string) => {
    await setup.write(text);
    const { code, out, err } = await run(["node", "--check-config", "--config", setup.config]);
    return { code, told: `${out}\n${err}` };
  };
  const { code, told } = await say(right);
  assertEquals([code, leaks(told)], [0, []]);
  for (const text of wrong) {
    const { code, told } = await say(text);
    assertEquals([code, leaks(told)], [2, []], text.split("\n").find((l) => !right.includes(l)));
  }
});
