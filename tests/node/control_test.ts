import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { obey } from "../../lib/node/control.ts";
import { askNode, ControlRefusal, NoNode } from "../../lib/node/control_client.ts";
import { type ControlRequest, parseRequest } from "../../lib/node/control_message.ts";
import { serveControl } from "../../lib/node/control_server.ts";
import { legionStats, statsOf } from "../status/stats.ts";

const stats = statsOf(legionStats());
const to = { legion: "one", address: "127.0.0.1:2000" };

/** A control socket in a folder of its own; what it was asked for comes with it. */
async function setUp() {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.control`;
  const requests: ControlRequest[] = [];
  const replied: string[] = [];
  const server = await serveControl(
    path,
    (request) => {
      requests.push(request);
      return request.do === "promote" ? { ok: false, error: "no" } : { ok: true, stats };
    },
    () => {},
    (request) => void replied.push(request.do),
  );
  return {
    path,
    requests,
    replied,
    async [Symbol.asyncDispose]() {
      await server.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** What comes back for some bytes. */
async function send(path: string, bytes: string | Uint8Array, end = false): Promise<string> {
  const connection = await Deno.connect({ transport: "unix", path });
  await connection.write(typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
  if (end) await connection.closeWrite();
  return await new Response(connection.readable).text();
}

Deno.test("a request is a line, and so is its reply", async () => {
  await using node = await setUp();
  assertEquals(await askNode(node.path, { do: "drain", to, by: "root", forSeconds: 90 }), stats);
  assertEquals(await askNode(node.path, { do: "status", to, by: "root" }), stats);
  await assertRejects(
    () => askNode(node.path, { do: "promote", to, by: "root" }),
    ControlRefusal,
    "no",
  );
  assertEquals(node.requests.map((request) => request.do), ["drain", "status", "promote"]);
  // A request that was refused was not carried out.
  assertEquals(node.replied, ["drain", "status"]);
});

Deno.test("the socket is its owner's alone, and goes with the node", async () => {
  let path = "";
  {
    await using node = await setUp();
    path = node.path;
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  }
  await assertRejects(
    () => askNode(path, { do: "status", to, by: "root" }),
    NoNode,
    `no node takes orders at ${path}`,
  );
});

const rubbish: [what: string, bytes: string | Uint8Array, error: string][] = [
  ["no JSON", "drain!\n", "that is no JSON"],
  ["no object", '"drain"\n', "that is no request"],
  ["null", "null\n", "that is no request"],
  ["nothing known", '{"do":"explode","by":"x"}\n', "do: right would be one of status, drain, "],
  ["a legion that is no name", '{"do":"drain","by":"x","legion":7}\n', "legion: right would be"],
  ["nobody", '{"do":"drain"}\n', "by: right would be a name"],
  ["a time of zero", '{"do":"drain","by":"x","forSeconds":0}\n', "forSeconds: right would be"],
  ["an endless time", '{"do":"drain","by":"x","forSeconds":1e9}\n', "forSeconds: right would be"],
  ["a time as text", '{"do":"drain","by":"x","forSeconds":"9"}\n', "forSeconds: right would be"],
  ["a force that is no yes or no", '{"do":"restart","by":"x","force":1}\n', "force: right would"],
  ["no node that is meant", '{"do":"drain","by":"x"}\n', "to: right would be the legion and"],
  ["a node of no address", '{"do":"drain","by":"x","to":{"legion":"one"}}\n', "to: right would be"],
  ["a node that is null", '{"do":"drain","by":"x","to":null}\n', "to: right would be"],
  ["too much", "x".repeat(4_096), "right would be one line of at most 4096 bytes"],
  ["bytes that are no text", new Uint8Array([0xff, 0xfe, 0x0a]), "that is no JSON"],
];

for (const [what, bytes, error] of rubbish) {
  Deno.test(`refused: ${what}`, async () => {
    await using node = await setUp();
    const reply = JSON.parse(await send(node.path, bytes));
    assertEquals([reply.ok, reply.error.slice(0, error.length)], [false, error]);
    assertEquals(node.requests, []);
    assertEquals(await askNode(node.path, { do: "status", to, by: "root" }), stats);
  });
}

Deno.test("half a line is none", async () => {
  await using node = await setUp();
  const reply = JSON.parse(await send(node.path, '{"do":"drain","by":"x"}', true));
  assertEquals([reply.ok, node.requests], [false, []]);
});

Deno.test("those who say nothing hold up nobody, and go when the node goes", async () => {
  const silent: Deno.Conn[] = [];
  const begunMs = performance.now();
  {
    await using node = await setUp();
    for (let i = 0; i < 8; i++) {
      silent.push(await Deno.connect({ transport: "unix", path: node.path }));
    }
    assertEquals(await askNode(node.path, { do: "status", to, by: "root" }), stats);
  }
  for (const connection of silent) {
    assertEquals(await connection.read(new Uint8Array(1)), null);
    connection.close();
  }
  // By itself each would go after 5 s.
  assert(performance.now() - begunMs < 4_000);
});

Deno.test("a restart begins once its reply has been written, and not where nobody reads it", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.control`;
  const { promise: asked, resolve: hasAsked } = Promise.withResolvers<ControlRequest>();
  const { promise: mayReply, resolve: letReply } = Promise.withResolvers<void>();
  const replied: string[] = [];
  const server = await serveControl(
    path,
    async (request) => {
      hasAsked(request);
      await mayReply;
      return { ok: true, stats };
    },
    () => {},
    (request) => void replied.push(request.do),
  );
  const gone = await Deno.connect({ transport: "unix", path });
  const order = JSON.stringify({ do: "restart", to, by: "eve", force: true });
  await gone.write(new TextEncoder().encode(`${order}\n`));
  const { do: what, by, force } = await asked;
  assertEquals([what, by, force], ["restart", "eve", true]);
  gone.close();
  letReply();
  assertEquals(await askNode(path, { do: "status", to, by: "root" }), stats);
  assertEquals(replied, ["status"]);
  assertEquals(await askNode(path, { do: "restart", to, by: "root" }), stats);
  await server.close();
  assertEquals(replied, ["status", "restart"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("who wants it is told in short, whatever was sent", () => {
  const by = (text: string) => parseRequest(JSON.stringify({ do: "drain", to, by: text })).by;
  assertEquals(by(" eve \n"), "eve");
  assertEquals(by("x".repeat(1_000)).length, 64);
  assertEquals(by(" \t "), "somebody");
});

Deno.test("a look is for one address, by any name that a provider may have for it", () => {
  const read = (ip: unknown) => parseRequest(JSON.stringify({ do: "look", to, by: "eve", ip }));
  for (const ip of ["4.4.4.4", "web ip"]) assertEquals(read(ip).ip, ip);
  for (const ip of [undefined, 4, "", "x".repeat(129), ["4.4.4.4"]]) {
    assertThrows(() => read(ip), SyntaxError, "ip: right would be the address to look at");
  }
});

Deno.test("a look may say where the address was moved to", () => {
  const look = { do: "look", to, by: "eve", ip: "4.4.4.4" };
  const read = (pointsTo?: unknown) => parseRequest(JSON.stringify({ ...look, pointsTo })).pointsTo;
  assertEquals([read(), read("web1")], [undefined, "web1"]);
  for (const wrong of [4, "", "a b", "\u001b[m", "x".repeat(129), null]) {
    assertThrows(() => read(wrong), SyntaxError, "pointsTo: right would be the server");
  }
});

Deno.test("an order is for one legion, or for all of the node's", () => {
  const done: string[] = [];
  const legions = ["one", "two"].map((name) => ({
    name,
    address: "127.0.0.1:2000",
    drain: (by: string, forMs: number) => void done.push(`${name} drain ${by} ${forMs}`),
    resume: (by: string) => done.push(`${name} resume ${by}`) > 0,
    promote: (by: string) => name === "one" ? "it does not hold back" : void done.push(by),
  }));
  const ask = (request: Partial<ControlRequest>) =>
    obey({ do: "status", to, by: "eve", ...request }, legions, () => stats);
  assertEquals(ask({ do: "drain", forSeconds: 2 }), { ok: true, stats });
  assertEquals(ask({ do: "resume", legion: "two" }), { ok: true, stats });
  assertEquals(done, ["one drain eve 2000", "two drain eve 2000", "two resume eve"]);
  ask({ do: "drain", legion: "one" });
  assertEquals(done.at(-1), "one drain eve Infinity");
  assertEquals(ask({ do: "drain", legion: "six" }), {
    ok: false,
    error: "there is no legion six; there are: one, two",
  });
  // Another node has taken the address, or the sockets, of the one that was meant.
  const others = [{ ...to, address: "127.0.0.1:2001" }, { ...to, legion: "six" }];
  for (const other of others) {
    assertEquals(ask({ do: "drain", to: other }), {
      ok: false,
      error:
        `nothing was done: the order is for the node of ${other.legion} at ${other.address}, ` +
        "and this is the one of one at 127.0.0.1:2000, two at 127.0.0.1:2000",
    });
  }
  assertEquals(done.length, 4);
  // One that holds back is enough.
  assert(ask({ do: "promote" }).ok);
  assertEquals(ask({ do: "promote", legion: "one" }), {
    ok: false,
    error: "one: it does not hold back",
  });
});

for (const answer of ["", "no JSON", "{}", '{"ok":true,"stats":{}}', '{"ok":false}']) {
  Deno.test(`what answers is no node: ${answer || "nothing"}`, async () => {
    const folder = await Deno.makeTempDir();
    const path = `${folder}/a.control`;
    const listener = Deno.listen({ transport: "unix", path });
    const asked = askNode(path, { do: "status", to, by: "root" });
    const client = await listener.accept();
    await client.write(new TextEncoder().encode(answer));
    await client.closeWrite();
    await assertRejects(() => asked, NoNode, `what answers at ${path} is no node`);
    client.close();
    listener.close();
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("a place is nobody's for longer than 5 s", async () => {
  await using node = await setUp();
  const begunMs = performance.now();
  // Half a line, and then nothing.
  const connection = await Deno.connect({ transport: "unix", path: node.path });
  await connection.write(new TextEncoder().encode("{"));
  const patience = setTimeout(() => connection.close(), 20_000);
  assertEquals(await connection.read(new Uint8Array(1)), null);
  clearTimeout(patience);
  connection.close();
  const tookMs = performance.now() - begunMs;
  assert(tookMs > 4_000 && tookMs < 15_000, `${tookMs} ms`);
});

Deno.test("clients who say nothing, however many, keep out nobody who asks", async () => {
  await using node = await setUp();
  using silent = new DisposableStack();
  for (let n = 0; n < 64; n++) {
    const connection = await Deno.connect({ transport: "unix", path: node.path });
    silent.defer(() => connection.close());
  }
  const begunMs = performance.now();
  assertEquals(await askNode(node.path, { do: "status", to, by: "root" }), stats);
  // Each of the silent ones has a place for 5 s.
  assert(performance.now() - begunMs < 4_000);
});
