// The memory of a node, as its processes meet it: one after the other, and two at a time.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { delay } from "@std/async/delay";
import { failover, startNode } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { run } from "../lab/run.ts";

/** The configuration of a node that is alone in its legion. */
async function lone({ toleranceSeconds = 1, more = "" } = {}) {
  const folder = await Deno.makeTempDir();
  const [port] = freePorts(1);
  const text = [
    "[uwsgi]",
    `legion = one 127.0.0.1:${port} 10 bf-cbc:secret1`,
    // A second node is listed, so that promises count.
    "legion-node = one 127.0.0.2:1",
    "legion-freq = 0.1",
    `legion-tolerance = ${toleranceSeconds}`,
    more,
    "",
  ].join("\n");
  const stem = `${folder}/a/one@127.0.0.1%3A${port}`;
  return {
    folder,
    text,
    start: () => startNode(folder, "a", text),
    notes: `${stem}.notes`,
    lock: `${stem}.lock`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

const isLord = /this node is the lord/;

async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

Deno.test("a second process of one node ends at once, and names the first and its lock", async () => {
  await using it = await lone();
  await using first = await it.start();
  await first.line(isLord);
  await using second = await it.start();
  const at = await second.line(/error/);
  assertStringIncludes(
    second.lines[at - 1],
    `legion one: this legion runs at this address already: process ${first.pid} holds ${it.lock}`,
  );
  assertEquals(await second.status(), 1);
  assert(await isThere(it.notes));
  assertEquals(await first.end("SIGTERM"), 0);
});

Deno.test("a killed node's lock is free at once, even while something that its hooks started lives on", async () => {
  const more = "legion-lord = one cmd:setsid sleep 60 >/dev/null 2>&1 & echo $!";
  await using it = await lone({ more });
  let sleeping = 0;
  {
    await using first = await it.start();
    const at = await first.line(/info\s+one: [0-9]+$/);
    sleeping = Number(/[0-9]+$/.exec(first.lines[at - 1]));
    await first.end("SIGKILL");
  }
  try {
    await using second = await it.start();
    await second.line(isLord);
    assertEquals(await second.end("SIGTERM"), 0);
  } finally {
    Deno.kill(sleeping, "SIGKILL");
  }
});

Deno.test("notes are there once the node may support, and not before", async () => {
  // With a quorum of two, a promise to another may hold that nobody remembers.
  await using it = await lone({ toleranceSeconds: 3, more: "legion-quorum = one 2" });
  await using first = await it.start();
  await first.line(/: started as /);
  const startedMs = performance.now();
  const isNoted = await isThere(it.notes);
  const askedMs = performance.now() - startedMs;
  assert(!isNoted || askedMs > 2_000, "it still listens");
  while (!await isThere(it.notes)) {
    assert(performance.now() - startedMs < 20_000, "it notes nothing");
    await delay(20);
  }
  const written = await Deno.readTextFile(it.notes);
  assert(!written.includes("secret1"));
  const { notes } = JSON.parse(written);
  assertEquals([notes.name, notes.lordship, notes.end], ["a", "none", undefined]);
  assertEquals(await first.end("SIGTERM"), 0);
  assertEquals(JSON.parse(await Deno.readTextFile(it.notes)).notes.end, "leave");
});

Deno.test("a node that cannot keep its notes runs on, and its status tells of it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [port] = freePorts(1);
    const config = `${folder}/a.ini`;
    const text =
      `[uwsgi]\nlegion = one 127.0.0.1:${port} 10 bf-cbc:secret1\nstats = ${folder}/a.sock\n`;
    await Deno.writeTextFile(config, text, { mode: 0o600 });
    // Its folders are a file.
    await using node = failover("a", ["node", "--config", config]);
    await node.line(/warn .*notes for a restart cannot be kept: /);
    await node.line(isLord);
    const { code, out } = await run(["status", "--check", "--config", config]);
    assertEquals(code, 1);
    assertMatch(out, /WARNING - notes for a restart cannot be kept: .*; the state for a reboot/);
    assertEquals(await node.end("SIGTERM"), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
