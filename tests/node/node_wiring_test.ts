// The wiring of a node's parts: its service manager, its sockets, and a reload.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { Config } from "../../lib/config/config.ts";
import { socketsIn } from "../../lib/config/node_sockets.ts";
import { askNode } from "../../lib/node/control_client.ts";
import type { Directories } from "../../lib/node/memory/directories.ts";
import { startNode } from "../../lib/node/node.ts";
import { Notifier } from "../../lib/node/systemd.ts";
import { askStats } from "../../lib/status/client.ts";
import { freePorts } from "../lab/free_ports.ts";
import { ManagerSocket } from "../lab/manager_socket.ts";
import { soon } from "../lab/soon.ts";
import { commandHook, legionConfig } from "./legion_config.ts";

/** A node under a service manager, whose log can be waited for. */
async function managed(changed: Partial<Config>, watchdogUs?: string, directories?: Directories) {
  const manager = new ManagerSocket("path");
  const variables: Record<string, string | undefined> = {
    NOTIFY_SOCKET: manager.at,
    WATCHDOG_USEC: watchdogUs,
  };
  const notifier = new Notifier({
    env: (name) => variables[name],
    pid: Deno.pid,
    warn: () => {},
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const config: Config = {
    file: "test.ini",
    section: "uwsgi",
    legions: [],
    statsHttp: false,
    files: ["test.ini"],
    origins: [],
    passedOver: [],
    warnings: [],
    ...changed,
  };
  const node = await startNode({
    config,
    log(level, message, legion = "-") {
      lines.push(`${level} ${legion} ${message}`);
      for (const look of [...waiting]) look();
    },
    version: "1.2.3",
    manager: notifier,
    name: "a",
    directories,
  });
  return {
    config,
    manager,
    lines,
    node,
    async logged(pattern: RegExp, from = 0) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const look = () => lines.slice(from).some((line) => pattern.test(line)) && resolve();
      const late = () => reject(new Error(`no line ${pattern} within 10 s:\n${lines.join("\n")}`));
      const timer = setTimeout(late, 10_000);
      waiting.add(look);
      look();
      await promise.finally(() => clearTimeout(timer));
      waiting.delete(look);
    },
    async [Symbol.asyncDispose]() {
      await node.stop();
      notifier.close();
      manager[Symbol.dispose]();
    },
  };
}

function onLoopback(name: string, changed: Parameters<typeof legionConfig>[0] = {}) {
  const [port] = freePorts(1);
  return legionConfig({ name, address: { host: "127.0.0.1", port }, ...changed });
}

const isLord = (legion: string) => new RegExp(`info ${legion} this node is the lord`);

Deno.test("the watchdog hears of a timer that one of two legions has lost", async () => {
  const legions = [onLoopback("one"), onLoopback("two", { freqMs: 300, toleranceMs: 3_000 })];
  await using made = await managed({ legions }, "1000000");
  const { node, manager, logged } = made;
  await logged(isLord("one"));
  await logged(isLord("two"));
  node.ready();
  await soon(manager.until(/^WATCHDOG=1$/));
  await soon(manager.until(/^WATCHDOG=1$/));
  const setTimer = globalThis.setTimeout;
  try {
    // The timers of the first legion never come; the second announces itself less often.
    globalThis.setTimeout = ((callback: () => void, ms = 0) =>
      setTimer(ms <= 60 ? () => {} : callback, ms)) as typeof setTimeout;
    await logged(/error - a timer is \d\.\d s late: the watchdog is not fed/);
  } finally {
    globalThis.setTimeout = setTimer;
  }
});

Deno.test("a service manager hears how a node starts, reads anew, and ends once", async () => {
  const legions = [onLoopback("one"), onLoopback("two")];
  await using made = await managed({ legions }, "1000000");
  const { node, config, manager, logged, lines } = made;
  await logged(isLord("one"));
  await logged(isLord("two"));
  const standings = await soon(manager.until(/^STATUS=one: lord; two: lord$/));
  // A legion that has not begun yet is left out.
  assertEquals(standings.filter((standing) => /; $|=;/.test(standing)), []);
  node.ready();
  assertEquals(await manager.next(), "READY=1");
  await soon(manager.until(/^WATCHDOG=1$/));

  const [one, two] = legions;
  const read = {
    ...config,
    legions: [{ ...one, quorum: 1 }, { ...two, valor: 99 }],
    warnings: ["test.ini:3: unwise"],
  };
  node.reload(() => read);
  assertMatch(
    (await soon(manager.until(/^RELOADING=1\n/))).at(-1)!,
    /^RELOADING=1\nMONOTONIC_USEC=\d+$/,
  );
  await soon(manager.until(/^READY=1$/));
  const anew = lines.slice(lines.findIndex((line) => /unwise/.test(line)));
  assertEquals(anew.filter((line) => line.includes(" - ")), [
    "warn - test.ini:3: unwise",
    "warn - test.ini:2: legion two: another valor needs a restart",
    "info - test.ini read anew: legion one: legion-quorum",
  ]);
  // The next configuration is compared with the one in force.
  node.reload(() => read);
  assertEquals(lines.at(-1), "info - test.ini read anew: nothing changes");
  node.reload(() => {
    throw new Error("test.ini:4: wrong\ntest.ini:5: wrong too");
  });
  assertEquals(lines.slice(-3), [
    "error - not read anew: test.ini:4: wrong",
    "error - not read anew: test.ini:5: wrong too",
    "error - the configuration cannot be read anew: everything stays as it was",
  ]);

  await Promise.all([node.stop(), node.stop()]);
  await node.stop();
  node.reload(() => {
    throw new Error("it is read after its end");
  });
  assertEquals(lines.filter((line) => line.includes("after its end")), []);
  // A watchdog that went on would be fed every half second.
  const told = await soon(manager.until(/^STOPPING=1$/));
  const later: string[] = [];
  while (later.length < 10 && !await manager.quiet(800)) later.push(await manager.next());
  assertEquals(later.filter((message) => !message.startsWith("STATUS=")), []);
  assertEquals(told.filter((message) => /^READY|^RELOADING/.test(message)).length, 4);
});

Deno.test("a node is asked at its sockets, and all go with it", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.sock`;
  const begunMs = performance.now();
  const legions = [onLoopback("one"), onLoopback("two")];
  const { node: address, status, control } = socketsIn(`${folder}/run`, legions[0].address);
  const made = await managed({ legions, stats: { path } }, undefined, own(`${folder}/run`));
  const to = { legion: "one", address };
  const asked = await askNode(control, { do: "drain", to, legion: "one", by: "eve" });
  assertEquals([asked.name, asked.version, asked.pid], ["a", "1.2.3", Deno.pid]);
  assertEquals(asked.legions.map(({ legion, drained }) => [legion, drained?.by]), [
    ["one", "eve"],
    ["two", undefined],
  ]);
  assert(asked.uptime_seconds * 1000 <= performance.now() - begunMs);
  for (const at of [path, status]) {
    assertEquals((await askStats({ path: at }, false)).pid, Deno.pid);
    assert(made.lines.includes(`info - stats at ${at}`), made.lines.join("\n"));
  }
  const modeOf = (path: string) => Deno.lstatSync(path).mode! & 0o777;
  assertEquals([path, status, control].map(modeOf), [0o600, 0o660, 0o600]);
  await made.node.stop();
  const left = await Array.fromAsync(Deno.readDir(`${folder}/run`), ({ name }) => name);
  assertEquals(left.filter((name) => /status|control/.test(name)), []);
  await assertRejects(() => Deno.lstat(path), Deno.errors.NotFound);
  await made[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a node without the sockets that commands need says so, and goes on", async () => {
  const folder = await Deno.makeTempDir();
  const legions = [onLoopback("one")];
  const { status, control } = socketsIn(folder, legions[0].address);
  // Another process has the one, and the other was left behind.
  const other = Deno.listen({ transport: "unix", path: status });
  await leaveSocket(control);
  {
    await using made = await managed({ legions }, undefined, own(folder));
    await made.logged(isLord("one"));
    const warnings = made.lines.filter((line) => line.startsWith("warn"));
    assertEquals(warnings, [
      `warn - failover status does not find this node: cannot listen on ${status}: ` +
      "another process answers there",
    ]);
    const to = { legion: "one", address: socketsIn(folder, legions[0].address).node };
    assertEquals((await askNode(control, { do: "status", to, by: "eve" })).pid, Deno.pid);
  }
  assertEquals(Deno.lstatSync(status).isSocket, true);
  other.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a folder whose path is too long for a socket is told of", async () => {
  const folder = await Deno.makeTempDir();
  const long = `${folder}/${"x".repeat(80)}`;
  {
    await using made = await managed({ legions: [onLoopback("one")] }, undefined, own(long));
    assertMatch(
      made.lines.find((line) => line.includes("does not find"))!,
      /cannot listen on \S+: the path has \d{3} bytes, and a socket's can have 107$/,
    );
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("without a folder for its sockets a node says what to set, and goes on", async () => {
  const state = await Deno.makeTempDir();
  {
    await using made = await managed({ legions: [onLoopback("one")] }, undefined, { state });
    await made.logged(isLord("one"));
    assertEquals(made.lines.filter((line) => line.startsWith("warn -")), [
      "warn - failover status does not find this node, and this node cannot be drained: set " +
      "RUNTIME_DIRECTORY, or XDG_RUNTIME_DIR, to a folder of its user",
    ]);
  }
  await Deno.remove(state, { recursive: true });
});

/** The directories of a node in one folder. */
function own(folder: string): Directories {
  return { runtime: folder, state: folder };
}

/** Leaves a socket behind at which nobody listens, as a process that is killed does. */
async function leaveSocket(path: string): Promise<void> {
  const script = `Deno.listen({ transport: "unix", path: ${JSON.stringify(path)} }); Deno.exit();`;
  await new Deno.Command(Deno.execPath(), { args: ["eval", script] }).output();
}

for (
  const [host, level, rest] of [["127.0.0.1", "info", ""], [
    "0.0.0.0",
    "warn",
    ", for all who reach it",
  ]]
) {
  Deno.test(`stats at ${host} are told of with level ${level}`, async () => {
    const [port] = freePorts(1);
    await using made = await managed({
      legions: [onLoopback("one")],
      stats: { address: { host, port } },
    });
    const [line] = made.lines.filter((line) => line.includes("stats at"));
    assertEquals(line, `${level} - stats at ${host}:${port}${rest}`);
  });
}

Deno.test("a second stop of a node does without the death hooks", async () => {
  const hooks = [commandHook("death", "echo dying; sleep 60")];
  await using made = await managed({ legions: [onLoopback("one", { hooks })] });
  const { node, logged } = made;
  await logged(isLord("one"));
  const begunMs = performance.now();
  void node.stop();
  await logged(/dying/);
  await node.stop();
  assert(performance.now() - begunMs < 15_000);
});
