// How a node ends while something of it still runs: as the executable, which may not look into /proc.
import { assert, assertEquals } from "@std/assert";
import { startNode } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { isRunning } from "../lab/proc.ts";

/** A configuration of one node, with these further lines. */
async function setUp(...more: string[]) {
  const folder = await Deno.makeTempDir();
  const [port] = freePorts(1);
  const text = [
    "[uwsgi]",
    `legion = one 127.0.0.1:${port} 10 bf-cbc:secret1`,
    "legion-freq = 0.1",
    "legion-tolerance = 1",
    "legion-death = one cmd:echo dying",
    ...more,
    "",
  ].join("\n");
  return {
    folder,
    start: () => startNode(folder, "one", text),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

Deno.test("a node that is stopped while its check runs runs its death hooks", async () => {
  await using setup = await setUp(
    "legion-check = one cmd=exec sleep 60,name=slow,timeout=30",
  );
  await using node = await setup.start();
  await node.line(/: started as /);
  const begunMs = performance.now();
  assertEquals(await node.end("SIGTERM"), 0);
  await node.line(/one: dying$/);
  assert(performance.now() - begunMs < 10_000);
});

Deno.test("a hook that ignores SIGTERM is killed, and does not outlive its node", async () => {
  await using setup = await setUp(
    "legion-lord = one cmd:trap '' TERM; echo pid $$; while :; do sleep 1; done",
  );
  await using node = await setup.start();
  const at = await node.line(/pid \d+$/);
  const pid = Number(/pid (\d+)$/.exec(node.lines[at - 1])![1]);
  assertEquals(await isRunning(pid), true);
  assertEquals(await node.end("SIGTERM"), 0);
  assertEquals(await isRunning(pid), false);
  await node.line(/one: dying$/);
});
