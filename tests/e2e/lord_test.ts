// `failover lord`: whether the node here is lord, by its exit status.
import { assertEquals, assertMatch } from "@std/assert";
import { socketsIn } from "../../lib/config/node_sockets.ts";
import { failover } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { run } from "../lab/run.ts";

const isLord = /this node is the lord/;

/** Nodes of one legion on one machine, each in a runtime folder of its own. */
async function setUp(names: readonly string[], { more = "" } = {}) {
  const made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const ports = freePorts(names.length);
  const nodes = await Promise.all(names.map(async (name, index) => {
    const config = `${folder}/${name}.ini`;
    const lines = [
      "[uwsgi]",
      `legion = web 127.0.0.1:${ports[index]} ${10 - index} aes-256-cbc:secret1`,
      ...ports.map((port) => `legion-node = web 127.0.0.1:${port}`),
      `legion-quorum = web ${Math.floor(names.length / 2) + 1}`,
      "legion-freq = 0.1",
      "legion-tolerance = 1",
      more,
    ];
    await Deno.writeTextFile(config, `${lines.join("\n")}\n`);
    const env = { RUNTIME_DIRECTORY: `${folder}/${name}` };
    return {
      config,
      status: socketsIn(env.RUNTIME_DIRECTORY, { host: "127.0.0.1", port: ports[index] }).status,
      start: () => made.use(failover(name, ["node", "--config", config, "--name", name], { env })),
      ask: (args = "") => run(["lord", ...args.split(" ").filter((word) => word !== "")], { env }),
    };
  }));
  return { nodes, [Symbol.asyncDispose]: () => made.disposeAsync() };
}

Deno.test("lord: 0 on the lord, 1 on another, 75 where no node answers", async () => {
  await using legion = await setUp(["a", "b"]);
  const [a, b] = legion.nodes;
  const none = await a.ask();
  assertEquals([none.code, none.out], [75, ""]);
  assertMatch(none.err, /^failover lord: no node answers here; .* \(failover help no-answer\)\n$/);
  const [first] = [a.start(), b.start()];
  await first.line(isLord);
  assertEquals(await a.ask("--legion web"), {
    code: 0,
    out: "web: this node, a, is the lord\n",
    err: "",
  });
  const other = await b.ask(`--config ${b.config}`);
  assertEquals([other.code, other.err], [1, ""]);
  assertMatch(other.out, /^web: this node, b, is not the lord: .+\n$/);
  const quiet = await b.ask("--quiet");
  assertEquals([quiet.code, quiet.out, quiet.err], [1, "", ""]);
  const { legion: name, lord, state, lords } = JSON.parse((await b.ask("--json")).out);
  assertEquals([name, lord, state, lords], ["web", false, "follower", ["a"]]);
  assertEquals(JSON.parse((await a.ask("--json")).out).lord, true);
  const wrong = await a.ask("--legion other");
  assertEquals([wrong.code, wrong.out], [2, ""]);
  assertEquals(await first.end("SIGTERM"), 0);
  assertEquals((await a.ask()).code, 75);
});

Deno.test("lord: a node that is taking over, or drained, is none", async () => {
  const more = "legion-lord = web cmd:sleep 60";
  await using legion = await setUp(["a"], { more });
  const [a] = legion.nodes;
  const node = a.start();
  await node.line(/lord hook cmd .* begins/);
  assertEquals((await a.ask()).code, 1);
});

Deno.test("lord: a node that slept past its lease is none, at the first question", async () => {
  await using legion = await setUp(["a", "b", "c"]);
  const [first, ...others] = legion.nodes.map((each) => each.start());
  await first.line(isLord);
  first.signal("SIGSTOP");
  try {
    await Promise.any(others.map((node) => node.line(isLord)));
    // Nobody is there to give it another lease.
    for (const other of others) other.signal("SIGSTOP");
    using question = await Deno.connect({ transport: "unix", path: legion.nodes[0].status });
    first.signal("SIGCONT");
    const [{ state, i_am_the_lord }] = (await new Response(question.readable).json()).legions;
    assertEquals([state === "lord", i_am_the_lord], [false, 0]);
    assertEquals((await legion.nodes[0].ask()).code, 1);
  } finally {
    for (const node of [first, ...others]) node.signal("SIGCONT");
  }
});
