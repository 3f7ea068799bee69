// The sockets of a folder, with servers that are no nodes among them.
import { assert, assertEquals } from "@std/assert";
import { nodesIn } from "../../lib/cli/nodes_here.ts";
import { serveStats } from "../../lib/status/server.ts";
import { legionStats, statsOf } from "../status/stats.ts";

const stats = statsOf(legionStats());

async function setUp() {
  const made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const serve = async (name: string, told: unknown = stats) => {
    const server = await serveStats({
      listen: { path: `${folder}/${name}` },
      access: "group",
      http: false,
      report: () => told as typeof stats,
      warn: () => {},
    });
    made.defer(() => server.close());
  };
  return { folder, serve, [Symbol.asyncDispose]: () => made.disposeAsync() };
}

Deno.test("nodesIn: those that answer, in the order of their addresses", async () => {
  await using setup = await setUp();
  await setup.serve("10.0.0.2:2000.status");
  await setup.serve("10.0.0.1:2000.status");
  // None of these is a node's status socket.
  await setup.serve("10.0.0.3:2000.control");
  await setup.serve("one.status");
  await Deno.writeTextFile(`${setup.folder}/10.0.0.4:2000.status`, "a file");
  await Deno.mkdir(`${setup.folder}/10.0.0.5:2000.status`);
  const { answering, mute, forbidden } = await nodesIn(setup.folder);
  assertEquals(answering.map(({ sockets: { node, control } }) => [node, control]), [
    ["10.0.0.1:2000", `${setup.folder}/10.0.0.1:2000.control`],
    ["10.0.0.2:2000", `${setup.folder}/10.0.0.2:2000.control`],
  ]);
  assertEquals(answering[0].stats.name, stats.name);
  assertEquals([mute, forbidden], [[], []]);
});

Deno.test("nodesIn: one that hangs, or tells something else, is mute, and holds up nobody", async () => {
  await using setup = await setUp();
  await setup.serve("10.0.0.1:2000.status");
  await setup.serve("10.0.0.2:2000.status", statsOf(legionStats({ legion: 7 as never })));
  await setup.serve("10.0.0.3:2000.status", { ...stats, legions: [] });
  using hangs = Deno.listen({
    transport: "unix",
    path: `${setup.folder}/10.0.0.4:2000.status`,
  });
  const begunMs = performance.now();
  const { answering, mute } = await nodesIn(setup.folder);
  assert(performance.now() - begunMs < 10_000);
  assertEquals(answering.map(({ sockets }) => sockets.node), ["10.0.0.1:2000"]);
  assertEquals(mute.map(({ sockets, why }) => `${sockets.node}: ${why}`), [
    "10.0.0.2:2000: what answers there is no node",
    "10.0.0.3:2000: what answers there is no node",
    "10.0.0.4:2000: it does not answer within 2 s",
  ]);
  assertEquals(hangs.addr.transport, "unix");
});

Deno.test("nodesIn: a folder that is none, or is not there", async () => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/file`;
  await Deno.writeTextFile(file, "");
  for (const none of [file, `${folder}/nowhere`]) {
    assertEquals(await nodesIn(none), { answering: [], mute: [], forbidden: [], folders: [none] });
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("nodesIn: a folder full of sockets is looked at in part", async () => {
  await using setup = await setUp();
  for (let port = 1; port <= 70; port++) await setup.serve(`10.0.0.1:${port}.status`);
  assertEquals((await nodesIn(setup.folder)).answering.length, 64);
});
