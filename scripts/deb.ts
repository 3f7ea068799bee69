// Makes the Debian package: `deno task deb`.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { errorMessage } from "../lib/base/error_message.ts";
import { expectNothing, parseOptions } from "../lib/cli/options.ts";
import { packagedPath } from "../lib/cli/self.ts";
import { UsageError } from "../lib/cli/usage_error.ts";
import { version } from "../lib/cli/version.ts";
import { ownBuild } from "./_build.ts";
import { bundle } from "./_bundle.ts";
import { deb } from "./_deb.ts";
import { permissions } from "./_permissions.ts";
import { sha256 } from "./_sha256.ts";
import { ownTarget } from "./_targets.ts";

/** Debian's names for the machines. */
const architectures = new Map([["linux-x64", "amd64"], ["linux-arm64", "arm64"]] as const);

const help = `deno task deb [OPTIONS]

Makes dist/failover_VERSION_ARCHITECTURE.deb: the program with its unit, man pages, completions and
an example. It needs dpkg-deb.

Options:
  --target TARGET      ${[...architectures.keys()].join(", ")}; without it, this machine
  --deno FILE          The deno to put in; needed for another machine
  --maintainer TEXT    Who answers for the package: "NAME <ADDRESS>"
  --level LEVEL        How hard xz tries, 0 to 9: 6
  --output FILE        Instead of dist/failover_VERSION_ARCHITECTURE.deb
`;

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--help") || args.includes("-h")) return console.log(help.trimEnd());
  const options = parseOptions(args, help);
  expectNothing(options.rest);
  const own = ownTarget?.name;
  const target = options.value("target") ?? own;
  const architecture = architectures.get(target as "linux-x64" | "linux-arm64");
  const deno = options.value("deno") ?? (target === own ? Deno.execPath() : undefined);
  if (architecture === undefined) {
    throw new UsageError(`--target takes one of ${[...architectures.keys()].join(", ")}`);
  }
  if (deno === undefined) throw new UsageError(`${target} needs --deno FILE, its deno`);
  const dist = fileURLToPath(new URL("../dist", import.meta.url));
  const name = `failover_${version}_${architecture}.deb`;
  const output = resolve(options.value("output") ?? `${dist}/${name}`);
  await Deno.mkdir(dist, { recursive: true });
  const build = await ownBuild();
  const folder = await Deno.makeTempDir({ prefix: "failover-bundle-" });
  try {
    await bundle(folder, build);
    await deb({
      folder,
      architecture,
      deno,
      version,
      maintainer: options.value("maintainer") ?? "the failover authors <authors@failover.invalid>",
      level: levelOf(options.value("level")),
      builtAtSeconds: Math.floor(Date.parse(build.builtAt) / 1000),
      ask: asker(folder),
      output,
    });
    const bytes = await Deno.readFile(output);
    console.log(`${output}
version ${version}, commit ${build.commit}, built ${build.builtAt}
size ${bytes.length} bytes (${(bytes.length / 1e6).toFixed(1)} MB)
SHA-256 ${await sha256(bytes)}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function levelOf(text = "6"): number {
  if (/^\d$/.test(text)) return Number(text);
  throw new UsageError(`--level takes a number from 0 to 9, not ${text}`);
}

/** Runs the bundle as the package's program would run, and gives its output. */
function asker(folder: string): (...args: string[]) => Promise<string> {
  return async (...args) => {
    const own = ["run", "--quiet", "--no-config", "--no-lock", ...permissions, `${folder}/main.js`];
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...own, packagedPath, ...args],
    }).output();
    if (!success) {
      throw new Error(`failover ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
    }
    return new TextDecoder().decode(stdout);
  };
}

try {
  await main(Deno.args);
} catch (error) {
  const usage = error instanceof UsageError;
  console.error(`deb: ${errorMessage(error)}`);
  if (usage) console.error("See: deno task deb --help");
  Deno.exit(usage ? 2 : 1);
}
