// The executable as it is on a server: one file in an empty folder, an empty environment, no
// network but loopback. One build serves all tests; here it is always the portable form.
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { native, NativeError } from "../../scripts/_native.ts";
import { sha256 } from "../../scripts/_sha256.ts";
import { ownTarget } from "../../scripts/_targets.ts";
import { freePorts } from "../free_ports.ts";
import { TestProcess } from "../process.ts";
import { compile, type Island, makeIsland, noDownload } from "./executable.ts";
import { canMakeNetworks } from "./network.ts";

const nobody = 65534;
const asNobody = ["setpriv", "--reuid", `${nobody}`, "--regid", `${nobody}`, "--clear-groups"];
const versionLine =
  /^failover \d+\.\d+\.\d+ \(commit \w+\+?, built \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\)\n$/;

/** Where all this happens, and who cleans up. */
interface Place extends AsyncDisposable {
  readonly folder: string;
  /** A folder for everybody's use, in it. */
  newFolder(owner?: number): Promise<string>;
  /** What the build said. */
  readonly built: { code: number; out: string; err: string };
  /** The executable, in a folder of its own. */
  readonly executable: string;
  readonly island: Island;
}

async function setUp(): Promise<Place> {
  const folder = await Deno.makeTempDir({ prefix: "failover-executable-" });
  await Deno.chmod(folder, 0o755);
  const newFolder = async (owner = 0) => {
    const made = await Deno.makeTempDir({ dir: folder });
    await Deno.chown(made, owner, owner);
    return made;
  };
  using nowhere = await noDownload(folder);
  const home = await newFolder();
  await Deno.chmod(home, 0o555);
  const executable = `${home}/failover`;
  const built = await compile(["--output", executable, "--patience", "2"], nowhere.env);
  const island = await makeIsland();
  return {
    folder,
    newFolder,
    built,
    executable,
    island,
    async [Symbol.asyncDispose]() {
      await island[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

let place: Place;

/** How to run the executable. */
interface Run {
  /** The whole environment. */
  readonly env?: Record<string, string>;
  /** What stands before the command; without it: on the island. */
  readonly on?: readonly string[];
  readonly executable?: string;
  readonly input?: string;
}

function commandLine(args: readonly string[], { env = {}, on, executable }: Run): string[] {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const program = executable ?? place.executable;
  return [...on ?? place.island.on, "/usr/bin/env", "-i", ...variables, program, ...args];
}

/** Starts it. */
function start(args: readonly string[], options: Run): TestProcess {
  const [command, ...rest] = commandLine(args, options);
  return new TestProcess({ name: args.join(" "), command, args: rest });
}

/** Runs it to its end. */
async function run(args: readonly string[], options: Run) {
  const [command, ...rest] = commandLine(args, options);
  const child = new Deno.Command(command, {
    args: rest,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  // One that does not read its input may be gone before it is written.
  await writer.write(new TextEncoder().encode(options.input ?? "")).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

async function assertRuns(options: Run): Promise<void> {
  const { code, out, err } = await run(["version"], options);
  assertEquals([code, err], [0, ""]);
  assertMatch(out, versionLine);
}

/** The folder of the program that a cache folder has on record. */
function theProgram(cache: string): string {
  const record = [...Deno.readDirSync(cache)].find(({ name }) => /^portable-\w+$/.test(name));
  assert(record !== undefined, `${cache} has no record`);
  const [folder] = Deno.readTextFileSync(`${cache}/${record.name}`).split("\n");
  return `${cache}/${folder}`;
}

async function assertUndamaged(cache: string): Promise<void> {
  const { code, stderr } = await new Deno.Command("sha256sum", {
    args: ["--check", "--strict", "SHA256SUMS"],
    cwd: theProgram(cache),
    stdout: "null",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}

async function configuration(owner: number, more = ""): Promise<string> {
  const folder = await place.newFolder(owner);
  const [port] = await freePorts(1);
  const file = `${folder}/failover.ini`;
  const text = `[uwsgi]
legion = one 127.0.0.1:${port} 10 bf-cbc:secret1
legion-freq = 0.2
legion-tolerance = 1
legion-lord = one log:lord
legion-setup = one cmd:env
stats = ${folder}/stats.sock
${more}`;
  await Deno.writeTextFile(file, text, { mode: 0o600 });
  await Deno.chown(file, owner, owner);
  return file;
}

const linuxRoot = Deno.build.os === "linux" && canMakeNetworks;

Deno.test("the executable", { ignore: !linuxRoot }, async (t) => {
  await using made = await setUp();
  place = made;
  const step = async (name: string, run: () => Promise<void>) => {
    await t.step(name, run);
  };

  await step(
    "a download that hangs is given up: the build says so, and makes the portable form",
    async () => {
      const { code, out, err } = place.built;
      assertEquals(code, 0, err);
      assertMatch(
        err,
        /^deno compile: it had not ended after 2 s; so it will be the portable form$/m,
      );
      const bytes = await Deno.readFile(place.executable);
      assertStringIncludes(out, `${place.executable}: the portable form for ${ownTarget?.name}\n`);
      assertStringIncludes(out, `\nsize ${bytes.length} bytes `);
      assertStringIncludes(out, `\nSHA-256 ${await sha256(bytes)}\n`);
      assertEquals([...Deno.readDirSync(place.executable.replace(/\/failover$/, ""))].length, 1);
    },
  );

  for (const [who, owner, as] of [["root", 0, []], ["nobody", nobody, asNobody]] as const) {
    await step(
      `${who} runs it, alone in a folder that cannot be written to, with nothing else`,
      async () => {
        const cache = await place.newFolder(owner);
        const env = { FAILOVER_CACHE_DIR: cache };
        const on = [...readOnly(), ...place.island.on, ...as];
        await assertRuns({ env, on });
        const first = theProgram(cache);
        await using demo = start(["demo"], { env, on });
        assertEquals(await demo.status(), 0, demo.lines.join("\n"));
        assertStringIncludes(demo.lines.join("\n"), "ok server-1 has 4.4.4.4 again");

        await using robot = new TestProcess({
          name: "Robot",
          command: place.island.on[0],
          args: [
            ...place.island.on.slice(1),
            Deno.execPath(),
            "run",
            "-A",
            "--quiet",
            robotProcess,
          ],
        });
        await robot.line(/^http/);
        const config = await configuration(owner);
        const more = [
          "--ip",
          "4.4.4.4",
          "--to",
          "1.1.1.1",
          "--user",
          "FOO",
          "--url",
          robot.lines[0],
        ];
        const passwordOnInput = ["--password-file", "-"];
        const taken = await run(["takeover", ...more, ...passwordOnInput], {
          env,
          on,
          input: "BAR\n",
        });
        assertEquals([taken.code, taken.err], [0, ""]);
        assertMatch(taken.out, /^4\.4\.4\.4 points to 1\.1\.1\.1 \(/);
        const refused = await run(["takeover", ...more, ...passwordOnInput], {
          env,
          on,
          input: "WRONG\n",
        });
        assertEquals(refused.code, 1, refused.err);

        await using node = start(["node", "--config", config], { env, on });
        await node.line(/this node is the lord/);
        const status = await run(["status", "--config", config], { env, on });
        assertEquals([status.code, status.err], [0, ""]);
        // The process that was started is the node itself: what systemd and a signal need.
        assertStringIncludes(status.out, `process ${node.pid},`);
        assertEquals(await node.end("SIGTERM"), 0);
        assertEquals(theProgram(cache), first, "it is unpacked once");
      },
    );
  }

  await step(
    "two that start at once for the first time both run, and so does the next",
    async () => {
      const cache = await place.newFolder();
      const options = { env: { FAILOVER_CACHE_DIR: cache } };
      await Promise.all([assertRuns(options), assertRuns(options)]);
      await assertUndamaged(cache);
      const before = theProgram(cache);
      await assertRuns(options);
      assertEquals(theProgram(cache), before);
    },
  );

  await step("one that is killed while it unpacks does not harm the next", async () => {
    const cache = await place.newFolder();
    const options = { env: { FAILOVER_CACHE_DIR: cache } };
    using watcher = Deno.watchFs(cache);
    await using first = start(["version"], options);
    for await (const { kind } of watcher) if (kind === "create") break;
    assert(await first.end("SIGKILL") !== 0);
    assertEquals(first.lines, []);
    await assertRuns(options);
  });

  await step("a damaged cache repairs itself", async () => {
    const cache = await place.newFolder();
    const options = { env: { FAILOVER_CACHE_DIR: cache } };
    await assertRuns(options);
    for (const [what, damage] of damages) {
      const before = theProgram(cache);
      await damage(before);
      await assertRuns(options);
      assert(theProgram(cache) !== before, `${what}: not seen`);
      await assertUndamaged(cache);
    }
  });

  await step("old versions go from the cache, and nothing else does", async () => {
    const cache = await place.newFolder();
    await Deno.mkdir(`${cache}/portable-0123456789abcdef.AbCdEf`);
    await Deno.writeTextFile(`${cache}/portable-0123456789abcdef`, "");
    await Deno.mkdir(`${cache}/portable-fedcba9876543210.AbCdEf`);
    await Deno.mkdir(`${cache}/something else`);
    const days = 2;
    const old = new Date(Date.now() - days * 86_400_000);
    for (
      const name of [
        "portable-0123456789abcdef.AbCdEf",
        "portable-0123456789abcdef",
        "something else",
      ]
    ) {
      await Deno.utime(`${cache}/${name}`, old, old);
    }
    await assertRuns({ env: { FAILOVER_CACHE_DIR: cache } });
    const left = [...Deno.readDirSync(cache)].map(({ name }) => name).sort();
    assertEquals(left.filter((name) => !name.startsWith("portable-")), ["something else"]);
    assertEquals(left.filter((name) => name.startsWith("portable-0123")), []);
    assertEquals(left.includes("portable-fedcba9876543210.AbCdEf"), true);
  });

  await step("a cache folder that others have made, or may write to, is refused", async () => {
    const refusals: [prepare: (cache: string) => Promise<void>, reason: string][] = [
      [(cache) => Deno.chown(cache, nobody, nobody), "belongs to another user"],
      [(cache) => Deno.chmod(cache, 0o770), "others may write to it"],
      [(cache) => Deno.chmod(cache, 0o707), "others may write to it"],
      [async (cache) => {
        await Deno.rename(cache, `${cache}-elsewhere`);
        await Deno.symlink(`${cache}-elsewhere`, cache);
      }, "is a symbolic link"],
      [async (cache) => {
        await Deno.remove(cache);
        await Deno.writeTextFile(cache, "");
      }, "cannot be made"],
    ];
    for (const [prepare, reason] of refusals) {
      const cache = await place.newFolder();
      await prepare(cache);
      const { code, out, err } = await run(["version"], { env: { FAILOVER_CACHE_DIR: cache } });
      assertEquals([code, out], [1, ""]);
      assertStringIncludes(err, "set FAILOVER_CACHE_DIR");
      assertStringIncludes(err, `${cache}: `);
      assertStringIncludes(err, reason);
    }
    const open = await place.newFolder();
    await Deno.chmod(open, 0o777);
    const { code, err } = await run(["version"], { env: { FAILOVER_CACHE_DIR: `${open}/cache` } });
    assertEquals(code, 1);
    assertStringIncludes(err, "others may write to the folder it is in");
  });

  await step(
    "without FAILOVER_CACHE_DIR it is the user's own cache, or a folder under TMPDIR",
    async () => {
      const on = [...place.island.on, ...asNobody];
      const home = await place.newFolder(nobody);
      await assertRuns({ env: { HOME: home }, on });
      assertEquals([...Deno.readDirSync(home)].map(({ name }) => name), [".cache"]);
      assertEquals([...Deno.readDirSync(`${home}/.cache`)].map(({ name }) => name), ["failover"]);
      await assertUndamaged(`${home}/.cache/failover`);

      const temporary = await place.newFolder();
      await Deno.chmod(temporary, 0o1777);
      const nowhere = { HOME: "/nonexistent", TMPDIR: temporary };
      const own = `${temporary}/failover-${nobody}`;
      await Deno.mkdir(own);
      const { code, err } = await run(["version"], { env: nowhere, on });
      assertEquals(code, 1);
      assertStringIncludes(err, `${own}: belongs to another user`);
      await Deno.remove(own);
      await assertRuns({ env: nowhere, on });
      await assertUndamaged(own);
      assertEquals(Deno.statSync(own).mode! & 0o777, 0o700);
    },
  );

  await step("a folder that nothing may run from is refused, and one without space", async () => {
    for (const [options, reason] of [["noexec", "noexec"], ["size=20m", "not what was packed"]]) {
      const cache = await place.newFolder();
      const mount = `mount -t tmpfs -o mode=700,${options} tmpfs ${cache} && exec "$@"`;
      const on = ["unshare", "--mount", "sh", "-c", mount, "sh", ...place.island.on];
      const { code, out, err } = await run(["version"], { env: { FAILOVER_CACHE_DIR: cache }, on });
      assertEquals([code, out], [1, ""]);
      assertStringIncludes(err, reason);
    }
  });

  await step("a damaged executable says so", async () => {
    const folder = await place.newFolder();
    const executable = `${folder}/failover`;
    const cache = await place.newFolder();
    const whole = await Deno.readFile(place.executable);
    const half = whole.length / 2 | 0;
    const changed = whole.slice();
    changed[half] ^= 1;
    for (const bytes of [whole.slice(0, half), changed]) {
      await Deno.writeFile(executable, bytes, { mode: 0o755 });
      const { code, out, err } = await run(["version"], {
        env: { FAILOVER_CACHE_DIR: cache },
        executable,
      });
      assertEquals([code, out], [1, ""]);
      assertStringIncludes(err, "what is unpacked there is not what was packed");
      assertEquals([...Deno.readDirSync(cache)], []);
    }
  });

  await step(
    "no variable and no file of the user changes what runs, and hooks get what they should",
    async () => {
      const cache = await place.newFolder();
      const home = await place.newFolder();
      for (const name of [".npmrc", "deno.json", "package.json"]) {
        await Deno.writeTextFile(`${home}/${name}`, "registry = {");
      }
      const config = await configuration(0);
      const env = {
        FAILOVER_CACHE_DIR: cache,
        HOME: home,
        PATH: "/none/bin:/usr/bin",
        DENO_DIR: `${home}/deno`,
        DENO_V8_FLAGS: "--none",
        DENO_CERT: "/none",
        DENO_PERMISSION_BROKER_PATH: "/none",
        NODE_OPTIONS: "--none",
        OTEL_DENO: "true",
        BLOCK_SIZE: "1M",
        TIME_STYLE: "iso",
        GZIP: "-9",
        TAR_OPTIONS: "--none",
        WORD: "two\nlines and DENO_X=1",
      };
      const on = [...place.island.on, "env", "-C", home];
      await assertRuns({ env, on });
      const first = theProgram(cache);
      await using node = start(["node", "--config", config], { env, on });
      await node.line(/this node is the lord/);
      const log = node.lines.join("\n");
      assertStringIncludes(log, ` PATH=/none/bin:/usr/bin\n`);
      assertStringIncludes(log, ` HOME=${home}\n`);
      assertEquals(
        / (DENO|NODE|OTEL)_\w+=|FAILOVER_HOME/.exec(log.replace("lines and DENO_X", "")),
        null,
      );
      assertEquals(await node.end("SIGINT"), 0);
      assertEquals([...Deno.readDirSync(home)].length, 3, "something was written to HOME");
      await assertRuns({ env: { FAILOVER_CACHE_DIR: cache } });
      assertEquals(theProgram(cache), first, "a variable made it unpack again");
    },
  );
});

/** The executable's folder is on a file system that cannot be written to, whoever asks. */
function readOnly(): string[] {
  const folder = place.executable.replace(/\/failover$/, "");
  const mount =
    `mount --bind ${folder} ${folder} && mount -o remount,ro,bind ${folder} && exec "$@"`;
  return ["unshare", "--mount", "sh", "-c", mount, "sh"];
}

const robotProcess = new URL("./robot_process.ts", import.meta.url).pathname;

type Damage = (program: string) => Promise<void>;

const damages: [what: string, damage: Damage][] = [
  ["a truncated Deno", (program) => Deno.truncate(`${program}/failover`, 1_000_000)],
  ["a missing Deno", (program) => Deno.remove(`${program}/failover`)],
  ["a Deno that may not be run", (program) => Deno.chmod(`${program}/failover`, 0o600)],
  ["another Deno of the same size", async (program) => {
    using file = await Deno.open(`${program}/failover`, { write: true });
    await file.write(new Uint8Array(4096));
  }],
  ["a missing module", (program) => Deno.remove(`${program}/main.js`)],
  ["a changed module of the same size and date", async (program) => {
    const file = `${program}/main.js`;
    const { atime, mtime } = await Deno.stat(file);
    const bytes = await Deno.readFile(file);
    bytes[bytes.length / 2 | 0] ^= 1;
    await Deno.writeFile(file, bytes);
    await Deno.utime(file, atime!, mtime!);
  }],
  ["an empty record", (program) => Deno.truncate(program.split(".")[0])],
  ["a missing folder", (program) => Deno.remove(program, { recursive: true })],
];

Deno.test("a runtime that cannot be downloaded is said, within the time there is", async () => {
  assert(ownTarget !== undefined);
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/main.js`, "");
    const options = { folder, target: ownTarget, output: `${folder}/out`, patienceMs: 10_000 };
    const [port] = await freePorts(1);
    const env = { DENO_DIR: `${folder}/deno`, HTTPS_PROXY: `http://127.0.0.1:${port}` };
    const error = await assertRejects(() => native({ ...options, env }), NativeError);
    assertMatch(error.message, /^deno compile: error sending request for url \(https:.*denort/);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["deno", "main.js"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("compile: what cannot be made is said, and nothing is built", async () => {
  const misused: [args: string[], message: RegExp][] = [
    [["--targt", "x"], /there is no option --targt; did you mean --target\?/],
    [["--target", "windows"], /--target takes one of linux-x64, .*, not windows/],
    [["--native", "--portable"], /--native or --portable, not both/],
    [["--patience", "soon"], /--patience takes a number of seconds/],
  ];
  await Promise.all(misused.map(async ([args, message]) => {
    const { code, out, err } = await compile(args);
    assertEquals([code, out], [2, ""]);
    assertMatch(err, message);
  }));
});
