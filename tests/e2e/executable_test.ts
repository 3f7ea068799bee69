// The executable as it is on a server: one file in an empty folder, an empty environment, no
// network but loopback. One build serves all of it.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { delay } from "@std/async/delay";
import { sha256 } from "../../scripts/_sha256.ts";
import { ownTarget } from "../../scripts/_targets.ts";
import { freePorts } from "../lab/free_ports.ts";
import { TestProcess } from "../lab/process.ts";
import { resultOf } from "../lab/compile.ts";
import { damages } from "./damages.ts";
import { type Executable, makeExecutable } from "../lab/executable.ts";
import {
  assertRefused,
  assertRuns,
  assertUndamaged,
  namesIn,
  programIn,
  versionOf,
} from "../lab/executable_cache.ts";
import { canMakeNetworks } from "../lab/network.ts";

const nobody = 65534;
const asNobody = ["setpriv", "--reuid", `${nobody}`, "--regid", `${nobody}`, "--clear-groups"];

const scenes: Record<string, (executable: Executable) => Promise<void>> = {
  async "a download that hangs is given up: the build says so, and makes the portable form"(
    { built: { code, out, err }, path, folder },
  ) {
    assertEquals(code, 0, err);
    assertMatch(
      err,
      /^deno compile: it had not ended after 2 s; so it will be the portable form$/m,
    );
    const bytes = await Deno.readFile(path);
    assertStringIncludes(out, `${path}: the portable form for ${ownTarget?.name}\n`);
    assertStringIncludes(out, `\nsize ${bytes.length} bytes `);
    assertStringIncludes(out, `\nSHA-256 ${await sha256(bytes)}\n`);
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  },

  async "root and nobody run it, in a folder that cannot be written to, with nothing else"(
    executable,
  ) {
    const readOnly = mounted(executable.folder, ["--bind", executable.folder], "remount,ro,bind");
    const on = [...readOnly, ...executable.island.on];
    await Promise.all([
      everything(executable, 0, on),
      everything(executable, nobody, [...on, ...asNobody]),
    ]);
  },

  async "two that start at once for the first time both run, and so does the next"(executable) {
    const cache = await executable.newFolder();
    await Promise.all([assertRuns(executable, { cache }), assertRuns(executable, { cache })]);
    await assertUndamaged(cache);
    const before = programIn(cache);
    await assertRuns(executable, { cache });
    assertEquals(programIn(cache), before);
  },

  async "it runs under another name, by a link, from where it is, and read by a shell"(executable) {
    const cache = await executable.newFolder();
    const folder = await executable.newFolder();
    await Deno.copyFile(executable.path, `${folder}/two words *`);
    await Deno.symlink("two words *", `${folder}/link`);
    const there = [...executable.island.on, "env", "-C", folder];
    for (const copy of [`${folder}/two words *`, `${folder}/link`]) {
      await assertRuns(executable, { cache, copy });
    }
    const program = programIn(cache);
    await assertRuns(executable, { cache, copy: "./link", on: there });
    await assertRuns(executable, { cache, copy: "link", on: there, env: { PATH: folder } });
    const read = { copy: "/bin/sh", on: there, env: { FAILOVER_CACHE_DIR: cache } };
    const { code, out } = await executable.run(["link", "version"], read);
    assertEquals([code, out.startsWith("failover ")], [0, true]);
    assertEquals(programIn(cache), program, "a name made it unpack again");
  },

  async "one that is killed while it unpacks does not harm the next"(executable) {
    const cache = await executable.newFolder();
    using watcher = Deno.watchFs(cache);
    await using first = executable.start(["version"], { env: { FAILOVER_CACHE_DIR: cache } });
    for await (const { kind } of watcher) if (kind === "create") break;
    assert(await first.end("SIGKILL") !== 0);
    assertEquals(first.lines, []);
    await assertRuns(executable, { cache });
  },

  async "a node goes on, and takes the address, when its cache is emptied"(executable) {
    const cache = await executable.newFolder();
    await using robot = await startRobot(executable);
    const action = `username=FOO,password=BAR,ip=4.4.4.4,active_ip=1.1.1.1,url=${robot.url}`;
    const config = await configuration(executable, 0, `hetzner-failoverip:${action}`);
    const env = { FAILOVER_CACHE_DIR: cache };
    await using node = executable.start(["node", "--config", config], { env });
    await node.line(/: started as /);
    await Deno.remove(programIn(cache), { recursive: true });
    await node.line(/4\.4\.4\.4 points to 1\.1\.1\.1/);
    await node.line(/this node is the lord/);
    assertEquals(await node.end("SIGTERM"), 0);
  },

  async "SIGUSR1 and SIGUSR2 end it at no moment, open no debugger, and reach hooks as usual"(
    executable,
  ) {
    const env = { FAILOVER_CACHE_DIR: await executable.newFolder() };
    const config = await configuration(executable, 0, "cmd:grep SigIgn /proc/self/status");
    await using node = executable.start(["node", "--config", config], { env });
    // From the first lines of its script on.
    for (let n = 0; (await ignored(node.pid) & userSignals) !== userSignals; n++) {
      assert(n < 1_000 && node.lines.length === 0, "it never ignored them");
      await delay(1);
    }
    const isLord = node.line(/this node is the lord/);
    for (let waiting = true; waiting;) {
      node.signal("SIGUSR1");
      node.signal("SIGUSR2");
      waiting = await Promise.race([isLord.then(() => false), delay(5).then(() => true)]);
    }
    await delay(500);
    const [command, ...on] = executable.island.on;
    const { out } = await resultOf(command, [...on, "ss", "-Hltn"]);
    assertEquals(out, "");
    const inHook = /SigIgn:.*([0-9a-f]{16})$/m.exec(node.lines.join("\n"))?.[1];
    assertEquals(BigInt(`0x${inHook}`) & userSignals, 0n);
    assertEquals(await node.end("SIGTERM"), 0);
  },

  async "a damaged cache repairs itself"(executable) {
    const cache = await executable.newFolder();
    await assertRuns(executable, { cache });
    for (const [what, damage] of damages) {
      const before = programIn(cache);
      await damage(before);
      await assertRuns(executable, { cache });
      assert(programIn(cache) !== before, `${what}: not seen`);
      await assertUndamaged(cache);
    }
  },

  async "old versions go from the cache, and nothing else does"(executable) {
    const cache = await executable.newFolder();
    const [old, oldRecord] = ["portable-0123456789abcdef.AbCdEf", "portable-0123456789abcdef"];
    const [recent, foreign] = ["portable-fedcba9876543210.AbCdEf", "something else"];
    for (const name of [old, recent, foreign]) await Deno.mkdir(`${cache}/${name}`);
    await Deno.writeTextFile(`${cache}/${oldRecord}`, "");
    const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
    for (const name of [old, oldRecord, foreign]) {
      await Deno.utime(`${cache}/${name}`, twoDaysAgo, twoDaysAgo);
    }
    await assertRuns(executable, { cache });
    const left = [...Deno.readDirSync(cache)].map(({ name }) => name);
    assertEquals([old, oldRecord, recent, foreign].filter((name) => left.includes(name)), [
      recent,
      foreign,
    ]);
  },

  async "a cache folder that others have made, or may write to, is refused"(executable) {
    const refusals: [prepare: (cache: string) => Promise<void>, reason: string][] = [
      [(cache) => Deno.chown(cache, nobody, nobody), "belongs to another user"],
      [(cache) => Deno.chmod(cache, 0o770), "others may write to it"],
      [(cache) => Deno.chmod(cache, 0o707), "others may write to it"],
      [linkElsewhere, "is a symbolic link"],
      [makeFileOf, "cannot be made"],
    ];
    for (const [prepare, reason] of refusals) {
      const cache = await executable.newFolder();
      await prepare(cache);
      await assertRefused(executable, { cache }, `${cache}: `, reason);
    }
    const open = await executable.newFolder();
    await Deno.chmod(open, 0o777);
    const reason = "others may write to the folder it is in";
    await assertRefused(executable, { cache: `${open}/cache` }, reason);
    const { code, err } = await executable.run([], { env: { FAILOVER_CACHE_DIR: "cache" } });
    assertEquals(code, 1);
    assertStringIncludes(err, "FAILOVER_CACHE_DIR must be an absolute path, not cache");
  },

  async "a folder that nothing may run from is refused, and one without space"(executable) {
    for (const [option, reason] of [["noexec", "noexec"], ["size=20m", "not what was packed"]]) {
      const cache = await executable.newFolder();
      const small = mounted(cache, ["-t", "tmpfs", "-o", `mode=700,${option}`, "tmpfs"]);
      await assertRefused(executable, { cache, on: [...small, ...executable.island.on] }, reason);
    }
  },

  async "without FAILOVER_CACHE_DIR it is the user's own cache, or a folder under TMPDIR"(
    executable,
  ) {
    const on = [...executable.island.on, ...asNobody];
    const home = await executable.newFolder(nobody);
    await assertRuns(executable, { env: { HOME: home }, on });
    assertEquals(namesIn(home), [".cache"]);
    assertEquals(namesIn(`${home}/.cache`), ["failover"]);
    await assertUndamaged(`${home}/.cache/failover`);

    const temporary = await executable.newFolder();
    await Deno.chmod(temporary, 0o1777);
    const env = { HOME: "/nonexistent", TMPDIR: temporary };
    const own = `${temporary}/failover-${nobody}`;
    await Deno.mkdir(own);
    await assertRefused(executable, { env, on }, `${own}: belongs to another user`);
    await Deno.remove(own);
    await assertRuns(executable, { env, on });
    await assertUndamaged(own);
    assertEquals((await Deno.stat(own)).mode, 0o40700);
  },

  async "without FAILOVER_CACHE_DIR it is /var/cache for root, whoever's the environment is"(
    executable,
  ) {
    const home = await executable.newFolder();
    const list = ["sh", "-c", '"$@" && ls -d /var/cache/failover/*.*', "sh"];
    const on = [...mounted("/var/cache", ["-t", "tmpfs", "tmpfs"]), ...list];
    const { code, out, err } = await versionOf(executable, {
      env: { HOME: home, XDG_CACHE_HOME: home },
      on,
    });
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^failover .*\n\/var\/cache\/failover\/portable-\w+\.\w+\n$/);
    assertEquals(namesIn(home), []);
  },

  async "a damaged executable says so"(executable) {
    const copy = `${await executable.newFolder()}/failover`;
    const cache = await executable.newFolder();
    const whole = await Deno.readFile(executable.path);
    const half = Math.floor(whole.length / 2);
    const changed = whole.slice();
    changed[half] ^= 1;
    for (const bytes of [whole.slice(0, half), changed]) {
      await Deno.writeFile(copy, bytes, { mode: 0o755 });
      await assertRefused(executable, { cache, copy }, "is not what was packed");
      assertEquals(namesIn(cache), []);
    }
  },

  async "no variable and no file of the user's changes what runs, and hooks get what they should"(
    executable,
  ) {
    const cache = await executable.newFolder();
    const home = await executable.newFolder();
    const broken = [".npmrc", "deno.json", "package.json"];
    for (const name of broken) await Deno.writeTextFile(`${home}/${name}`, "registry = {");
    const on = [...executable.island.on, "env", "-C", home];
    const env = { ...misleading, FAILOVER_CACHE_DIR: cache, HOME: home, DENO_DIR: `${home}/deno` };
    await assertRuns(executable, { env, on });
    const first = programIn(cache);
    const config = await configuration(executable, 0);
    await using node = executable.start(["node", "--config", config], { env, on });
    await node.line(/this node is the lord/);
    const log = node.lines.join("\n");
    const tunables = `GLIBC_TUNABLES=${misleading.GLIBC_TUNABLES}`;
    const lines = [
      `PATH=${misleading.PATH}`,
      `HOME=${home}`,
      tunables,
      "WORD=two",
      "lines DENO_X=1",
    ];
    for (const line of lines) assertStringIncludes(log, ` ${line}\n`);
    assertEquals(log.match(/ one: ((DENO|NODE|OTEL)_\w+|FAILOVER_(HOME|BOOT|TUNABLES))=/g), null);
    assertEquals(await node.end("SIGINT"), 0);
    assertEquals(namesIn(home), broken);
    await assertRuns(executable, { cache });
    assertEquals(programIn(cache), first, "a variable made it unpack again");
  },
};

const ignore = Deno.build.os !== "linux" || !canMakeNetworks;
Deno.test("the executable, copied to a server", { ignore }, async (t) => {
  await using executable = await makeExecutable();
  for (const [name, play] of Object.entries(scenes)) await t.step(name, () => play(executable));
});

/** SIGUSR1 and SIGUSR2, as the kernel notes what a process ignores. */
const userSignals = 1n << 9n | 1n << 11n;

/** The signals that a process ignores. */
async function ignored(pid: number): Promise<bigint> {
  const { out } = await resultOf("grep", ["SigIgn", `/proc/${pid}/status`]);
  return BigInt(`0x${out.trim().split("\t")[1] ?? 0}`);
}

/** Variables that change what Deno, ls, gzip or tar do. */
const misleading = {
  PATH: "/none:/usr/bin",
  DENO_V8_FLAGS: "--none",
  DENO_CERT: "/none",
  DENO_PERMISSION_BROKER_PATH: "/none",
  NODE_OPTIONS: "--none",
  NODE_CHANNEL_FD: "5",
  OTEL_DENO: "true",
  GLIBC_TUNABLES: "glibc.malloc.perturb=0",
  BLOCK_SIZE: "1M",
  TIME_STYLE: "iso",
  GZIP: "-9",
  TAR_OPTIONS: "--none",
  WORD: "two\nlines DENO_X=1",
};

/** What somebody does with it: all that needs no other machine. */
async function everything(executable: Executable, owner: number, on: string[]): Promise<void> {
  const cache = await executable.newFolder(owner);
  const options = { env: { FAILOVER_CACHE_DIR: cache }, on };
  await assertRuns(executable, options);
  const first = programIn(cache);

  await using demo = executable.start(["demo"], options);
  assertEquals(await demo.status(), 0, demo.lines.join("\n"));
  assertStringIncludes(demo.lines.join("\n"), "ok server-1 has 4.4.4.4 again");

  await using robot = await startRobot(executable);
  const to = ["--ip", "4.4.4.4", "--to", "1.1.1.1", "--url", robot.url];
  const args = ["takeover", ...to, "--user", "FOO", "--password-file", "-"];
  const taken = await executable.run(args, { ...options, input: "BAR\n" });
  assertEquals([taken.code, taken.err], [0, ""]);
  assertMatch(taken.out, /^4\.4\.4\.4 points to 1\.1\.1\.1 \(/);
  assertEquals((await executable.run(args, { ...options, input: "WRONG\n" })).code, 1);

  const config = await configuration(executable, owner);
  await using node = executable.start(["node", "--config", config], options);
  await node.line(/this node is the lord/);
  assertEquals(node.lines.join("\n").match(/ one: \w+_TUNABLES=/g), null);
  const status = await executable.run(["status", "--config", config], options);
  assertEquals([status.code, status.err], [0, ""]);
  // The process that was started is the node itself, which is what systemd and signals need.
  assertStringIncludes(status.out, `process ${node.pid},`);
  assertEquals(await node.end("SIGTERM"), 0);
  assertEquals(programIn(cache), first, "it was unpacked more than once");
}

/** A command that runs another with a file system mounted on a folder. */
function mounted(folder: string, what: string[], then?: string): string[] {
  const remount = then === undefined ? "" : `mount -o ${then} ${folder} && `;
  const script = `mount ${what.join(" ")} ${folder} && ${remount}exec "$@"`;
  return ["unshare", "--mount", "sh", "-c", script, "sh"];
}

async function linkElsewhere(folder: string): Promise<void> {
  await Deno.rename(folder, `${folder}-elsewhere`);
  await Deno.symlink(`${folder}-elsewhere`, folder);
}

async function makeFileOf(folder: string): Promise<void> {
  await Deno.remove(folder);
  await Deno.writeTextFile(folder, "");
}

async function startRobot({ island: { on } }: Executable) {
  const script = new URL("../lab/lone_robot.ts", import.meta.url).pathname;
  const args = [...on.slice(1), Deno.execPath(), "run", "--quiet", "-P", script];
  const robot = new TestProcess({ name: "Robot", command: on[0], args });
  await robot.line(/^http/);
  return { url: robot.lines[0], [Symbol.asyncDispose]: () => robot[Symbol.asyncDispose]() };
}

/** A configuration of one node, which is soon lord, and tells its environment. */
async function configuration({ newFolder }: Executable, owner: number, lord = "log:lord") {
  const folder = await newFolder(owner);
  const [port] = freePorts(1);
  const file = `${folder}/failover.ini`;
  const text = `[uwsgi]
legion = one 127.0.0.1:${port} 10 bf-cbc:secret1
legion-freq = 0.2
legion-tolerance = 1
legion-lord = one ${lord}
legion-setup = one cmd:env
stats = ${folder}/stats.sock
`;
  await Deno.writeTextFile(file, text, { mode: 0o600 });
  await Deno.chown(file, owner, owner);
  return file;
}
