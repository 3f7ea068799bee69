// `deno task compile`, and what the portable form hands to its Deno: here one that only tells.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { native, NativeError } from "../../scripts/_native.ts";
import { permissions } from "../../scripts/_permissions.ts";
import { ownTarget } from "../../scripts/_targets.ts";
import { freePorts } from "../lab/free_ports.ts";
import { compile, resultOf } from "../lab/compile.ts";

async function temporaryFolder() {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("a runtime that cannot be downloaded is said, and nothing is left behind", async () => {
  assert(ownTarget !== undefined);
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/main.js`, "");
  const output = `${folder.path}/out`;
  const [port] = freePorts(1);
  const env = { DENO_DIR: `${folder.path}/deno`, HTTPS_PROXY: `http://127.0.0.1:${port}` };
  const options = { folder: folder.path, target: ownTarget, output, patienceMs: 10_000, env };
  const error = await assertRejects(() => native(options), NativeError);
  assertMatch(error.message, /^deno compile: error sending request for url \(https:.*denort/);
  const left = [...Deno.readDirSync(folder.path)].map(({ name }) => name).sort();
  assertEquals(left, ["deno", "main.js"]);
});

Deno.test("compile: a runtime that DENORT_BIN names wrongly is named", async () => {
  await using folder = await temporaryFolder();
  const output = `${folder.path}/failover`;
  const { code, out, err } = await compile(["--output", output], { DENORT_BIN: "/none/denort" });
  assertEquals([code, out], [1, ""]);
  assertMatch(err, /^compile: deno compile with DENORT_BIN=\/none\/denort: No such file/m);
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

Deno.test("compile: what was there before is replaced, whatever it is, or stays", async () => {
  await using folder = await temporaryFolder();
  const output = `${folder.path}/failover`;
  await Deno.writeTextFile(output, "#!/bin/sh\n");
  const failed = await compile(["--output", output], { DENORT_BIN: "/none/denort" });
  assertEquals([failed.code, await Deno.readTextFile(output)], [1, "#!/bin/sh\n"]);
  // No runtime, but an executable that one can be put into.
  const { code, out, err } = await compile(["--output", output], { DENORT_BIN: "/bin/true" });
  assertEquals([code, err], [0, ""]);
  assertMatch(out, RegExp(`^${output}: the native form for `));
  const { mode, size } = await Deno.stat(output);
  assertEquals([mode! & 0o777, size > 10_000], [0o755, true]);
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["failover"]);
});

/** Variables of the builder's that change what Deno builds, or how it works. */
const misleading = {
  DENO_CONDITIONS: "development",
  DENO_NO_PROMPT: "1",
  DENO_V8_FLAGS: "--stack-size=2000",
  NODE_ENV: "production",
  NODE_OPTIONS: "--no-warnings",
  OTEL_DENO: "true",
};

for (
  const [form, options, env] of [
    // No runtime, and no deno, but executables that can be put in their places.
    ["native", [], { DENORT_BIN: "/bin/true" }],
    ["portable", ["--portable", "--deno", "/bin/true"], {}],
  ] as [string, string[], Record<string, string>][]
) {
  Deno.test(`compile: the ${form} form is the same again, whatever the environment`, async () => {
    await using folder = await temporaryFolder();
    const build = async (more: Record<string, string>) => {
      const output = `${folder.path}/failover`;
      const all = { SOURCE_DATE_EPOCH: "1700000000", ...env, ...more };
      const { code, out, err } = await compile([...options, "--output", output], all);
      assertEquals([code, err], [0, ""]);
      return /SHA-256 (\w+)/.exec(out)?.[1];
    };
    const first = await build({});
    assertEquals(await build(misleading), first);
  });
}

Deno.test("compile: the native form keeps no code cache in a folder that all may write to", async () => {
  await using folder = await temporaryFolder();
  const output = `${folder.path}/failover`;
  const { code, err } = await compile(["--output", output], { DENORT_BIN: "/bin/true" });
  assertEquals([code, err], [0, ""]);
  // As Deno notes it for its runtime.
  assert((await Deno.readTextFile(output)).includes('"code_cache_key":null'));
});

Deno.test("compile: what cannot be made is said, and nothing is built", async () => {
  const misused: [args: string[], code: number, message: RegExp][] = [
    [["--targt", "x"], 2, /there is no option --targt; did you mean --target\?/],
    [["--target", "windows"], 2, /--target takes one of linux-x64, .*, not windows/],
    [["--native", "--portable"], 2, /--native or --portable, not both/],
    [["--patience", "soon"], 2, /--patience takes a number of seconds/],
    [["--portable", "--deno", "/none"], 1, /No such file or directory .*'\/none'/],
  ];
  await using folder = await temporaryFolder();
  const output = `${folder.path}/failover`;
  await Promise.all(misused.map(async ([args, code, message]) => {
    const said = await compile([...args, "--output", output]);
    assertEquals([said.code, said.out], [code, ""]);
    assertMatch(said.err, message);
  }));
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

Deno.test("compile: a deno for another machine that npm cannot fetch is said", async () => {
  await using folder = await temporaryFolder();
  const [port] = freePorts(1);
  const env = {
    npm_config_registry: `http://127.0.0.1:${port}`,
    npm_config_cache: `${folder.path}/npm`,
    npm_config_fetch_retries: "0",
  };
  const output = `${folder.path}/failover`;
  const args = ["--portable", "--target", otherTarget, "--output", output];
  const { code, out, err } = await compile(args, env);
  assertEquals([code, out], [1, ""]);
  assertMatch(err, /^compile: npm: .*ECONNREFUSED/m);
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["npm"]);
});

const otherTarget = ownTarget?.name === "linux-arm64" ? "linux-x64" : "linux-arm64";

async function withDeno(folder: string, script: string): Promise<string> {
  const deno = `${folder}/deno`;
  await Deno.writeTextFile(deno, `#!/bin/sh\n${script}\n`);
  const output = `${folder}/failover`;
  const options = ["--portable", "--target", otherTarget, "--deno", deno, "--output", output];
  const { code, out, err } = await compile(options);
  assertEquals([code, err], [0, ""]);
  assertMatch(out, RegExp(`: the portable form for ${otherTarget}\n`));
  return output;
}

Deno.test("the portable form becomes its Deno, with the permissions and all that it was given", async () => {
  await using folder = await temporaryFolder();
  const tell =
    '[ "$1" = --version ] && exit; printf "%s\\n" "$@"; cat; pwd; echo "$$ $HOME $PATH" >&2; exit 7';
  const executable = await withDeno(folder.path, tell);
  const env = { FAILOVER_CACHE_DIR: folder.path, PATH: "/none:/bin:/usr/bin" };
  const args = ["status", "", "two words", "*", "--", "-x"];
  for (const shell of ["sh", "dash", "bash"]) {
    const { code, out, err } = await resultOf(shell, [executable, ...args], { env, input: "in\n" });
    assertEquals(code, 7, err);
    const told = out.split("\n");
    assertEquals(told.slice(0, 2), ["run", "--quiet"]);
    for (const permission of permissions) assert(told.includes(permission), permission);
    const main = told.findIndex((arg) => arg.endsWith("/main.js"));
    assertEquals(told.slice(main + 1), [executable, ...args, "in", Deno.cwd(), ""]);
    assertMatch(err, RegExp(`^\\d+ ${folder.path}/portable-\\w+\\.\\w+ /none:/bin:/usr/bin\n$`));
  }
});

Deno.test("a form for another machine says which it is for", async () => {
  await using folder = await temporaryFolder();
  const executable = await withDeno(folder.path, "exit 126");
  const env = { FAILOVER_CACHE_DIR: folder.path };
  const { code, out, err } = await resultOf(executable, [], { env });
  assertEquals([code, out], [1, ""]);
  assertMatch(err, RegExp(`does not run from there.*is made for ${otherTarget}`));
});
