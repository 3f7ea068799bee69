// A peer of a hostile name, as it is shown by what people read: the program as a process.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { encodeAnnouncement } from "../../lib/legion/announcement.ts";
import { createCipher } from "../../lib/legion/cipher.ts";
import { openUdp } from "../../lib/node/transport.ts";
import { failover } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { harmIn, hostileName, shownName } from "../lab/hostile_text.ts";
import { announcement } from "../legion/announcement.ts";
import { run } from "../lab/run.ts";

/** A node with its configuration, and a peer that announces itself by the hostile name. */
async function setUp(format: string, ...more: string[]) {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const [port, ears, stats] = freePorts(3);
  const config = `${folder}/a.ini`;
  const text = [
    "[uwsgi]",
    `legion = one 127.0.0.1:${port} 10 bf-cbc:x`,
    "legion-freq = 0.1",
    "legion-tolerance = 2",
    `stats = 127.0.0.1:${stats}`,
    "stats-http = true",
    ...more,
    "",
  ];
  await Deno.writeTextFile(config, text.join("\n"), { mode: 0o600 });
  const env = { RUNTIME_DIRECTORY: folder, USER: "eve" };
  const node = stack.use(
    failover("a", ["node", "--config", config, "--name", "a", "--log-format", format], { env }),
  );
  await node.line(/stats at/);
  const cipher = await createCipher({ cipher: "bf-cbc", secret: "x", iv: "" });
  const peer = await openUdp({
    address: { host: "127.0.0.1", port: ears },
    casting: "unicast",
    received: () => {},
    unsent: () => {},
  });
  stack.defer(() => peer.close());
  const uuid = crypto.randomUUID();
  // A node that lags behind is told of by its name.
  const announce = () => {
    const unix = Math.floor(Date.now() / 1000) - 45;
    const said = announcement({ legion: "one", valor: 5, unix, name: hostileName, uuid });
    peer.send(cipher.seal(encodeAnnouncement(said)), { host: "127.0.0.1", port });
  };
  const timer = setInterval(announce, 100);
  stack.defer(() => clearInterval(timer));
  const owned = stack.move();
  return {
    node,
    web: `http://127.0.0.1:${stats}`,
    ask: (...args: string[]) => run([...args, "--config", config], { env }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

Deno.test("a peer's name reaches neither a terminal nor a line of its own", async () => {
  await using setup = await setUp("text");
  await setup.node.line(/joined/);
  const told = await Promise.all([
    setup.ask("status"),
    setup.ask("status", "--check"),
    setup.ask("status", "--json"),
  ]);
  const texts = told.map(({ out }) => out);
  for (const place of ["/healthz", "/metrics", "/stats"]) {
    texts.push(await (await fetch(setup.web + place)).text());
  }
  texts.push(setup.node.lines.join("\n"));
  for (const text of texts) {
    assertEquals(harmIn(text.replaceAll("\n", "")), []);
    assertMatch(text, /evil\\+u0000/);
  }
  assertStringIncludes(texts[0], `${shownName} (127.0.0.1:`);
  assertEquals(texts[1].trimEnd().split("\n").length, 1);
  assertEquals(JSON.parse(texts[2]).legions[0].members[0].name, hostileName);
});

Deno.test("a log as JSON holds a peer's name as data", async () => {
  await using setup = await setUp("json");
  await setup.node.line(/joined/);
  const line = setup.node.lines.find((line) => /joined/.test(line))!;
  assertEquals(harmIn(line), []);
  assert(JSON.parse(line).message.startsWith(`${hostileName} joined from `), line);
});

Deno.test("a hook for a peer of a hostile name runs, with the name as one printable line", async () => {
  await using setup = await setUp(
    "text",
    'legion-node-joined = one cmd:printf "<%%s>" "$FAILOVER_NODE"',
  );
  await setup.node.line(/<evil.*>/);
  assertStringIncludes(setup.node.lines.join("\n"), `<${shownName}>`);
});

Deno.test("what the program is given comes back in errors without its control characters", async () => {
  const file = "/nonexistent/\u001b[2J\u009b\n\u202ea.ini";
  const shown = "/nonexistent/\\u001b[2J\\u009b\\u000a\\u202ea.ini";
  const cases: [args: string[], out: string, err: string][] = [
    [["node", "--config", file], "", `${shown}: there is no such file\n`],
    [
      ["status", "--check", "--config", file],
      `FAILOVER CRITICAL - ${shown}: there is no such file; no node answers here; looked in `,
      "",
    ],
    [["\u001b\n"], "", "failover: there is no command \\u001b\\u000a"],
    [["completions", "\u009b\n"], "", "failover: there are no completions for \\u009b\\u000a"],
    [["status", "--stats", file], "", `failover status: no node answers at ${shown}: `],
  ];
  for (const [args, out, err] of cases) {
    const told = await run(args);
    assertEquals([told.out.slice(0, out.length), told.err.slice(0, err.length)], [out, err]);
    assertEquals(harmIn((told.out + told.err).replaceAll("\n", "")), []);
  }
});

Deno.test("a configuration is shown without control characters of its values", async () => {
  const folder = await Deno.makeTempDir();
  const [hostile, file] = [`${folder}/hostile`, `${folder}/a.ini`];
  await Deno.writeTextFile(hostile, "x\u001b[2J\nlegion forged\u202e", { mode: 0o600 });
  await Deno.writeTextFile(
    file,
    `[uwsgi]\nlegion = one 127.0.0.1:1 1 bf-cbc:x\nlegion-scroll = one @(${hostile})\n` +
      `legion-lord = one log:@(${hostile})\n` +
      `legion-lord = one hetzner-failoverip:username=@(${hostile}),password=p,ip=4.4.4.4,` +
      "active_ip=1.1.1.1\n",
    { mode: 0o600 },
  );
  const { code, out } = await run(["node", "--check-config", "--config", file]);
  await Deno.remove(folder, { recursive: true });
  assertEquals(code, 0);
  assertEquals(harmIn(out.replaceAll("\n", "")), []);
  assertEquals(out.match(/^legion /gm), ["legion "]);
  const shown = "x\\u001b[2J\\u000alegion forged\\u202e";
  assertStringIncludes(out, `scroll     ${shown}  (line 3, @(${hostile}))\n`);
  assertStringIncludes(out, `log:${shown}\n`);
  // Of a file in a list of settings the first line is the value.
  assertStringIncludes(out, "user x\\u001b[2J, password ***\n");
});
