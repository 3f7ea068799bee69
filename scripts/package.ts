// Makes a package: `deno task deb`, `deno task rpm`.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { errorMessage } from "../lib/base/error_message.ts";
import { expectNothing, parseOptions } from "../lib/cli/options.ts";
import { UsageError } from "../lib/cli/usage_error.ts";
import { version } from "../lib/cli/version.ts";
import { levelOf } from "./_level.ts";
import { makePackage } from "./_make_package.ts";
import { ownBuild } from "./_build.ts";
import { bundle } from "./_bundle.ts";
import { denoFor } from "./_deno_for.ts";
import { type Kind, packageFile, packagers } from "./_packages.ts";
import { sha256 } from "./_sha256.ts";
import { targetOf, targets } from "./_targets.ts";

const machines = targets.filter(({ deb, rpm }) => deb !== undefined && rpm !== undefined);

function helpOf(kind: Kind): string {
  const { whose, tool, name } = packagers[kind];
  return `deno task ${kind} [OPTIONS]

Makes dist/${name("VERSION", "MACHINE")}, a package for
${whose}: the program with its unit, man pages, completions and an
example. It needs ${tool}.

Options:
  --target TARGET      ${machines.map(({ name }) => name).join(", ")}; without it, this machine
  --deno FILE          The deno to put in, instead of the one at hand; for
                       another machine npm has it
  --maintainer TEXT    Who answers for the package: "NAME <ADDRESS>"
  --level LEVEL        How hard xz tries, 0 to 9: 6
  --output FILE        Instead of a file in dist
`;
}

async function main(kind: Kind, args: readonly string[]): Promise<void> {
  const help = helpOf(kind);
  if (args.includes("--help") || args.includes("-h")) return console.log(help.trimEnd());
  const options = parseOptions(args, help);
  expectNothing(options.rest);
  const target = targetOf(options.value("target"), machines);
  const level = levelOf(options.value("level"));
  const dist = fileURLToPath(new URL("../dist", import.meta.url));
  const output = resolve(options.value("output") ?? `${dist}/${packageFile(kind, target)}`);
  await Deno.mkdir(dirname(output), { recursive: true });
  const build = await ownBuild();
  const work = await Deno.makeTempDir({ prefix: "failover-package-" });
  try {
    const folder = `${work}/bundle`;
    await bundle(folder, build);
    await makePackage(kind, {
      folder,
      target,
      deno: options.value("deno") ?? await denoFor(target, work),
      version,
      maintainer: options.value("maintainer"),
      level,
      builtAtSeconds: Math.floor(Date.parse(build.builtAt) / 1000),
      output,
    });
    const bytes = await Deno.readFile(output);
    console.log(`${output}
version ${version}, commit ${build.commit}, built ${build.builtAt}
size ${bytes.length} bytes (${(bytes.length / 1e6).toFixed(1)} MB)
SHA-256 ${await sha256(bytes)}`);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

const [kind, ...args] = Deno.args as [Kind, ...string[]];
try {
  await main(kind, args);
} catch (error) {
  const usage = error instanceof UsageError;
  console.error(`${kind}: ${errorMessage(error)}`);
  if (usage) console.error(`See: deno task ${kind} --help`);
  Deno.exit(usage ? 2 : 1);
}
