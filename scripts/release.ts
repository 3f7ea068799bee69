// Makes the files of a release: `deno task release`.
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { errorMessage } from "../lib/base/error_message.ts";
import { expectNothing, parseOptions } from "../lib/cli/options.ts";
import { UsageError } from "../lib/cli/usage_error.ts";
import { version } from "../lib/cli/version.ts";
import type { Build } from "../lib/cli/self.ts";
import { ownBuild } from "./_build.ts";
import { bundle } from "./_bundle.ts";
import { denoFor } from "./_deno_for.ts";
import { levelOf } from "./_level.ts";
import { makePackage } from "./_make_package.ts";
import { native, NativeError } from "./_native.ts";
import { notesOf } from "./_notes.ts";
import { kinds, packageFile, packagers } from "./_packages.ts";
import { portable } from "./_portable.ts";
import { sbom } from "./_sbom.ts";
import { sha256 } from "./_sha256.ts";
import { ownTarget, type Target, targets } from "./_targets.ts";

const help = `deno task release [OPTIONS]

Makes all files of a release that this machine can make, their SHA256SUMS, their
bill of materials (CycloneDX, from deno.lock), and the notes (the version's
section of CHANGELOG.md):

  failover-VERSION-TARGET            native, for this machine; it needs Deno's
                                     runtime, downloaded or named by DENORT_BIN
  failover-VERSION-TARGET-portable   for this machine; with --all for each
  failover_VERSION_MACHINE.deb       the same, for Linux; it needs dpkg-deb
  failover-VERSION-1.MACHINE.rpm     the same; it needs rpmbuild
  failover-VERSION.cdx.json, .md     the bill of materials, the notes

The same commit and deno give the same bytes. Files are dated by the commit, or
by SOURCE_DATE_EPOCH.

Options:
  --output FOLDER       Instead of dist/release; it must be empty, or not there
  --all                 Also what can be made here for the other machines, whose
                        denos are fetched from npm:
                        ${targets.map(({ name }) => name).join(", ")}
  --native              Fail where the native form cannot be made; otherwise it
                        is left out
  --level LEVEL         How hard xz tries for the packages, 0 to 9: 6
`;

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--help") || args.includes("-h")) return console.log(help.trimEnd());
  const options = parseOptions(args, help);
  expectNothing(options.rest);
  const folder = resolve(
    options.value("output") ?? fileURLToPath(new URL("../dist/release", import.meta.url)),
  );
  await Deno.mkdir(folder, { recursive: true });
  if ([...Deno.readDirSync(folder)].length > 0) {
    throw new UsageError(`${folder} is not empty: a release has no files of another one`);
  }
  const level = levelOf(options.value("level"));
  const notes = notesOf(await text("CHANGELOG.md"), version);
  const epoch = Deno.env.get("SOURCE_DATE_EPOCH") ?? await commitTime();
  if (epoch !== undefined) Deno.env.set("SOURCE_DATE_EPOCH", epoch);
  const work = await Deno.makeTempDir({ prefix: "failover-release-" });
  try {
    const build = await ownBuild();
    const made: Made = { folder, bundled: join(work, "bundle"), build, level };
    await bundle(made.bundled, build);
    await makeNative(made, options.flag("native"));
    for (const target of targets) {
      if (target !== ownTarget && !options.flag("all")) continue;
      await makeOthers(made, target, await denoFor(target, work));
    }
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  await Deno.writeTextFile(join(folder, `failover-${version}.cdx.json`), await materials());
  await Deno.writeTextFile(join(folder, `failover-${version}.md`), notes);
  await Deno.writeTextFile(join(folder, "SHA256SUMS"), await sums(folder));
  console.log(await Deno.readTextFile(join(folder, "SHA256SUMS")));
  console.log(`${folder}: check it with sha256sum -c SHA256SUMS`);
}

/** How long `deno compile` may take, its download included. */
const patienceMs = 120_000;

/** The facts that all files of a release share. */
interface Made {
  /** The folder of the release. */
  readonly folder: string;
  /** The folder that `bundle` has filled. */
  readonly bundled: string;
  readonly build: Build;
  /** How hard xz tries, from 0 to 9. */
  readonly level: number;
}

async function makeNative({ folder, bundled }: Made, isNeeded: boolean): Promise<void> {
  if (ownTarget === undefined) return;
  const output = join(folder, `failover-${version}-${ownTarget.name}`);
  try {
    await native({ folder: bundled, target: ownTarget, output, patienceMs });
  } catch (error) {
    if (isNeeded || !(error instanceof NativeError)) throw error;
    console.error(`the native form is left out: ${errorMessage(error)}`);
  }
}

/** Makes the portable form and the packages for a machine. */
async function makeOthers(
  { folder, bundled, build, level }: Made,
  target: Target,
  deno: string,
): Promise<void> {
  const own = { folder: bundled, target, deno, version };
  const output = join(folder, `failover-${version}-${target.name}-portable`);
  await portable({ ...own, output });
  const builtAtSeconds = Math.floor(Date.parse(build.builtAt) / 1000);
  for (const kind of kinds) {
    const name = packageFile(kind, target);
    if (name === undefined || !await isThere(packagers[kind].tool)) continue;
    await makePackage(kind, { ...own, builtAtSeconds, level, output: join(folder, name) });
  }
}

async function isThere(tool: string): Promise<boolean> {
  try {
    const asked = new Deno.Command(tool, { args: ["--version"], stdout: "null" });
    return (await asked.output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The time of this checkout's commit, in seconds since 1970; undefined: there is no git. */
async function commitTime(): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: ["log", "-1", "--format=%ct"],
      cwd: new URL("../", import.meta.url),
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** A file of the project. */
async function text(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(`../${path}`, import.meta.url));
}

async function materials(): Promise<string> {
  const { imports } = JSON.parse(await text("deno.json"));
  const lock = JSON.parse(await text("deno.lock"));
  const { builtAt } = await ownBuild();
  const sources = await sourcesIn(fileURLToPath(new URL("../lib", import.meta.url)));
  const bill = sbom({ version, builtAt, deno: Deno.version.deno, imports, lock, sources });
  return `${JSON.stringify(bill, undefined, 2)}\n`;
}

async function sourcesIn(folder: string): Promise<string[]> {
  const sources: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) sources.push(...await sourcesIn(path));
    // Types alone are in no executable.
    else if (/(?<!\.d)\.ts$/.test(name)) sources.push(await Deno.readTextFile(path));
  }
  return sources;
}

/** The hashes of all files in a folder, as `sha256sum` writes them. */
async function sums(folder: string): Promise<string> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  let list = "";
  for (const name of names) {
    list += `${await sha256(await Deno.readFile(join(folder, name)))}  ${name}\n`;
  }
  return list;
}

try {
  await main(Deno.args);
} catch (error) {
  const usage = error instanceof UsageError;
  console.error(`release: ${errorMessage(error)}`);
  if (usage) console.error("See: deno task release --help");
  Deno.exit(usage ? 2 : 1);
}
