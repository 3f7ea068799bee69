// A node that is asked for a restart over its control socket.
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { socketsIn } from "../../lib/config/node_sockets.ts";
import { askNode, ControlRefusal, NoNode } from "../../lib/node/control_client.ts";
import { startNode } from "../../lib/node/node.ts";
import { Notifier } from "../../lib/node/systemd.ts";
import { freePorts } from "../lab/free_ports.ts";
import { soon } from "../lab/soon.ts";
import { legionConfig } from "./legion_config.ts";

/** A node whose sockets and notes are in a folder of its own. */
async function setUp(state?: string) {
  await using made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const [port] = freePorts(1);
  const address = { host: "127.0.0.1", port };
  const sockets = socketsIn(`${folder}/run`, address);
  const lines: string[] = [];
  const node = await startNode({
    config: {
      file: "test.ini",
      section: "uwsgi",
      legions: [legionConfig({ name: "one", address })],
      statsHttp: false,
      files: ["test.ini"],
      origins: [],
      passedOver: [],
      warnings: [],
    },
    log: (level, message) => void lines.push(`${level} ${message}`),
    version: "1.2.3",
    manager: new Notifier({ env: () => undefined, pid: Deno.pid, warn: () => {} }),
    name: "a",
    directories: { runtime: `${folder}/run`, state: state ?? `${folder}/state` },
    next: { isSupervised: true, trial: () => Promise.resolve(undefined) },
  });
  made.defer(() => node.stop());
  const ask = (force?: boolean) =>
    askNode(sockets.control, {
      do: "restart",
      to: { legion: "one", address: sockets.node },
      by: "eve",
      force,
    });
  const resources = made.move();
  return { node, lines, ask, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

Deno.test("the reply is the status before, and the restart closes everything", async () => {
  await using setup = await setUp();
  const { node, lines, ask } = setup;
  assertEquals((await ask()).legions.map(({ legion }) => legion), ["one"]);
  await soon(node.restartAsked);
  assertEquals(lines.filter((line) => /restart/.test(line)), ["info restart asked for by eve"]);
  await node.restart();
  await assertRejects(() => ask(), NoNode);
  assertEquals(lines.at(-1), "info ends without taking leave, to be started again");
});

Deno.test("a node that cannot keep notes refuses, and ends where it is told to all the same", async () => {
  await using setup = await setUp("/dev/null/state");
  const { node, lines, ask } = setup;
  const { message } = await assertRejects(() => ask(), ControlRefusal);
  assertStringIncludes(message, "one: the next process would know nothing of this one");
  assertEquals(lines.filter((line) => /restart asked for/.test(line)), []);
  await ask(true);
  await soon(node.restartAsked);
});
