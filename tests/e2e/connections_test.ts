// Connections as no client should make them, to each listener of nodes that run.
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { decodeAnnouncement } from "../../lib/legion/announcement.ts";
import { createCipher } from "../../lib/legion/cipher.ts";
import { socketsIn } from "../../lib/config/node_sockets.ts";
import { askNode } from "../../lib/node/control_client.ts";
import { openUdp } from "../../lib/node/transport.ts";
import { askStats } from "../../lib/status/client.ts";
import { connectorCommand } from "../lab/connections.ts";
import { failover, startNode } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { TestProcess } from "../lab/process.ts";
import { untilStats } from "../lab/stats.ts";

const host = "127.0.0.1";
const cipher = { cipher: "bf-cbc", secret: "secret1", iv: "" } as const;
const freqMs = 200;
const toleranceMs = 5 * freqMs;
const names = ["a", "b", "c"];
const stormMs = 120_000;

Deno.test("a storm of connections costs a legion of three no announcement", async () => {
  await using legion = await setUp();
  const { nodes, witness, listeners } = legion;
  await legion.untilAllAgree();
  const logged = nodes.map(({ lines }) => lines.length);
  const files = await Promise.all(nodes.map(openFiles));

  const begunMs = performance.now();
  const turnedAway = await connect("reset", 10_000, listeners) +
    await connect("half", 2_000, listeners);
  {
    await using _held = await holding(64, listeners);
    assertEquals(await legion.lords(), Array(4).fill("a"));
  }
  const endedMs = performance.now();

  const silentMs = names.map((name) => witness.longestSilenceMs(name, begunMs, endedMs));
  const seconds = ((endedMs - begunMs) / 1000).toFixed(1);
  console.log(
    `in ${seconds} s, ${turnedAway} connections turned away and made anew; longest silences ` +
      `${silentMs.map((ms) => ms.toFixed(0)).join(", ")} ms, freq ${freqMs} ms`,
  );
  assertEquals(names.map((name) => witness.missed(name, begunMs)), [0, 0, 0]);
  assert(silentMs.every((ms) => ms < toleranceMs), `silent for ${silentMs} ms`);
  const told = nodes.flatMap(({ lines }, index) => lines.slice(logged[index]));
  // How long nobody was heard is measured above; on a busy machine a node says that it was late.
  const expected = /a connection could not be accepted|this process did not run for/;
  const amiss = told.filter((line) => !expected.test(line));
  assertEquals(amiss, []);
  const minutes = Math.ceil((endedMs - begunMs) / 60_000);
  assert(told.length <= listeners.length * minutes, told.join("\n"));
  await untilAtMost(files, () => Promise.all(nodes.map(openFiles)));
});

Deno.test("idle connections leave the local status its place where files are few", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const [port, statsPort] = freePorts(2);
  const config = ["[uwsgi]", `legion = one ${host}:${port} 10 bf-cbc:secret1`, "legion-freq = 0.2"];
  // Only a client of whom a request is awaited is idle.
  const stats = `stats = ${host}:${statsPort}\nstats-http = true`;
  await Deno.writeTextFile(`${folder}/a.ini`, [...config, stats, ""].join("\n"), { mode: 0o600 });
  await using node = failover("a", ["node", "--config", `${folder}/a.ini`, "--name", "a"], {
    env: { RUNTIME_DIRECTORY: `${folder}/a` },
    on: ["sh", "-c", 'ulimit -n 64; exec "$@"', "sh"],
  });
  await node.line(/this node is the lord/);

  await using _held = await holding(64, [`${statsPort}`]);
  const begunMs = performance.now();
  const { node: address, control } = socketsIn(`${folder}/a`, { host, port });
  const to = { legion: "one", address };
  const answered = await askNode(control, { do: "status", to, by: "x" });
  const ms = performance.now() - begunMs;
  assertEquals(answered.legions.map(({ state }) => state), ["lord"]);
  assert(ms < 2_000, `it took ${ms} ms`);
  const asked = await askStats({ address: { host, port: statsPort } }, true);
  assertEquals(asked.legions.map(({ state }) => state), ["lord"]);
  await node.line(/could not be accepted: this process may open no more files, see `ulimit -n`/);
  assertEquals(await node.end("SIGTERM"), 0);
});

/** A legion of three and a witness; the status of one is HTTP, of one at a UNIX socket. */
async function setUp() {
  await using made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const ports = freePorts(4);
  const [plain, http] = freePorts(2);
  const stats = [`${host}:${plain}`, `${host}:${http}\nstats-http = true`, `${folder}/c.sock`];
  const text = (index: number) =>
    [
      "[uwsgi]",
      `legion = one ${host}:${ports[index]} ${30 - index} ${cipher.cipher}:${cipher.secret}`,
      ...ports.filter((_, i) => i !== index).map((port) => `legion-node = one ${host}:${port}`),
      "legion-quorum = one 2",
      `legion-freq = ${freqMs / 1000}`,
      `legion-tolerance = ${toleranceMs / 1000}`,
      `stats = ${stats[index]}`,
      "",
    ].join("\n");
  const witness = made.use(await startWitness(ports[3]));
  const nodes: TestProcess[] = [];
  for (const [index, name] of names.entries()) {
    nodes.push(made.use(await startNode(folder, name, text(index))));
  }
  const { node: address, control } = socketsIn(`${folder}/c`, { host, port: ports[2] });
  const to = { legion: "one", address };
  /** The name of the lord, as each listener has it. */
  const lords = async () => {
    const all = await Promise.all([
      askStats({ address: { host, port: plain } }, false),
      askStats({ address: { host, port: http } }, true),
      askStats({ path: `${folder}/c.sock` }, false),
      askNode(control, { do: "status", to, by: "x" }),
    ]);
    return all.map(({ legions }) => legions[0].lords.join());
  };
  const all = made.move();
  return {
    nodes,
    witness,
    listeners: [`${plain}`, `${http}`, `${folder}/c.sock`, control],
    lords,
    async untilAllAgree() {
      await untilStats([plain], "all to agree", ([{ state, members }]) => {
        // A node that listens after its start supports nobody yet, and tells of the lord later.
        const agreed = members.filter(({ vote, supports }) => vote === "a" && supports === "a");
        return state === "lord" && agreed.length === 2;
      });
      while (new Set(await lords()).size > 1) await delay(freqMs);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** A member of the legion that only listens. */
async function startWitness(port: number) {
  const { open } = await createCipher(cipher);
  const heard: { name: string; seq: number; ms: number }[] = [];
  const transport = await openUdp({
    address: { host, port },
    casting: "unicast",
    received(datagram) {
      const { name, seq } = decodeAnnouncement(open(datagram));
      heard.push({ name, seq, ms: performance.now() });
    },
    unsent: () => {},
  });
  return {
    /** How many of a node's announcements have not come, of all from a time on. */
    missed(name: string, fromMs: number): number {
      const seqs = heard.filter((one) => one.name === name && one.ms > fromMs)
        .map(({ seq }) => seq);
      // Two that are sent at once may change places on their way.
      return Math.max(...seqs) - Math.min(...seqs) + 1 - new Set(seqs).size;
    },
    longestSilenceMs(name: string, fromMs: number, toMs: number) {
      const timesMs = heard.filter((one) => one.name === name).map(({ ms }) => ms)
        .filter((ms) => ms > fromMs && ms < toMs);
      return longestGap([fromMs, ...timesMs, toMs]);
    },
    [Symbol.asyncDispose]: () => transport.close(),
  };
}

function longestGap(timesMs: readonly number[]): number {
  return Math.max(...timesMs.slice(1).map((ms, index) => ms - timesMs[index]));
}

function connector(what: string, count: number, listeners: readonly string[]): TestProcess {
  // The storm takes a processor, which the nodes are to have first.
  const args = ["-n", "10", ...connectorCommand, what, `${count}`, ...listeners];
  return new TestProcess({ name: what, command: "nice", args });
}

/** Makes connections; the result is how many were turned away. */
async function connect(what: string, count: number, listeners: readonly string[]): Promise<number> {
  await using process = connector(what, count, listeners);
  const at = await process.line(/^done /, 0, stormMs);
  return Number(process.lines[at - 1].split(" ")[1]);
}

/** Holds connections open until it is disposed of. */
async function holding(count: number, listeners: readonly string[]): Promise<TestProcess> {
  const process = connector("hold", count, listeners);
  await process.line(/^done /, 0, stormMs);
  return process;
}

/** How many files a process has open. */
async function openFiles({ pid }: TestProcess): Promise<number> {
  const { stdout } = await new Deno.Command("ls", { args: [`/proc/${pid}/fd`] }).output();
  return new TextDecoder().decode(stdout).trim().split("\n").length;
}

/** Waits until numbers are as low as they were. */
async function untilAtMost(
  before: readonly number[],
  measure: () => Promise<readonly number[]>,
): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const now = await measure();
    if (now.every((count, index) => count <= before[index])) return;
    if (performance.now() > deadline) throw new Error(`${now} files are open, before ${before}`);
    await delay(100);
  }
}
