// SIGUSR1 and SIGUSR2, which people who come from uWSGI or keepalived send: to processes with the
// executable's own permissions.
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { failover } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { startRobot } from "../lab/robot.ts";
import type { TestProcess } from "../lab/process.ts";

/** A configuration of one node, which is lord after a second: then the runtime heeds SIGUSR1. */
async function configuration(more = "") {
  const folder = await Deno.makeTempDir();
  const [port] = freePorts(1);
  const file = `${folder}/one.ini`;
  const text = `[uwsgi]
legion = one 127.0.0.1:${port} 10 bf-cbc:secret1
legion-freq = 0.1
legion-tolerance = 1
${more}
`;
  await Deno.writeTextFile(file, text, { mode: 0o600 });
  return { file, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

const isLord = /this node is the lord/;

/** The TCP sockets that a process listens on. */
async function listeners({ pid }: TestProcess): Promise<string[]> {
  const { success, stdout } = await new Deno.Command("ss", { args: ["-Hltnp"] }).output();
  assert(success);
  return new TextDecoder().decode(stdout).split("\n").filter((line) =>
    line.includes(`,pid=${pid},`)
  );
}

/**
 * Asserts that nothing listens 100 ms after SIGUSR1, one or many of them. One time of five may be late:
 * others use the machine, too.
 */
async function assertNoDebugger(process: TestProcess): Promise<void> {
  const found: string[] = [];
  for (const burst of [1, 1, 2, 5, 20]) {
    for (let n = 0; n < burst; n++) {
      process.signal("SIGUSR1");
      await delay(3);
    }
    await delay(100);
    found.push(...await listeners(process));
  }
  assert(found.length <= 1, found.join("\n"));
  assertEquals(await listeners(process), []);
}

Deno.test("SIGUSR1 logs what failover status shows, and opens no debugger", async () => {
  await using config = await configuration();
  await using node = failover("node", ["node", "--config", config.file, "--name", "web1"]);
  await node.line(isLord);
  await assertNoDebugger(node);
  const from = node.lines.length;
  node.signal("SIGUSR1");
  for (
    const line of [
      `node web1, process ${node.pid}, version \\S+, up \\d+ s`,
      "legion one: this node is the lord",
      "  1 of 1 nodes up, quorum 0, votes 1; freq 0.1 s, tolerance 1 s",
      "  guarantee lease.*",
      "  \\* web1  10     127.0.0.1:\\d+ .* this node",
    ]
  ) await node.line(RegExp(`^\\S+ info  ${line}$`), from);
  assertEquals(await node.end("SIGTERM"), 0);
});

Deno.test("SIGUSR2 is ignored with a line in the log", async () => {
  await using config = await configuration();
  await using node = failover("node", ["node", "--config", config.file]);
  await node.line(isLord);
  node.signal("SIGUSR2");
  node.signal("SIGUSR2");
  await node.line(/info +SIGUSR2 is ignored: SIGUSR1 logs the status$/);
  assertEquals(await node.end("SIGTERM"), 0);
});

Deno.test("SIGQUIT stops a node as SIGTERM does", async () => {
  await using config = await configuration("legion-death = one cmd:echo dying");
  await using node = failover("node", ["node", "--config", config.file]);
  await node.line(isLord);
  assertEquals(await node.end("SIGQUIT"), 0);
  await node.line(/one: dying$/);
});

Deno.test("a takeover by hand goes on at both signals, and opens no debugger", async () => {
  await using robot = await startRobot();
  robot.switchMs = 3_000;
  const action = "username=FOO,password=BAR,ip=4.4.4.4,active_ip=1.1.1.1," +
    `url=${robot.failoverUrl("4.4.4.4")}`;
  await using config = await configuration(`legion-lord = one hetzner-failoverip:${action}`);
  const args = ["takeover", "--ip", "4.4.4.4", "--force", "--config", config.file];
  await using takeover = failover("takeover", args);
  await Promise.race([robot.arrived("POST"), takeover.status()]);
  // The runtime listens to SIGUSR1 half a second after its start.
  await delay(500);
  takeover.signal("SIGUSR2");
  await assertNoDebugger(takeover);
  assertEquals(await takeover.status(), 0);
  await takeover.line(/4\.4\.4\.4 points to 1\.1\.1\.1/);
});
