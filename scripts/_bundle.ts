import { fileURLToPath } from "node:url";
import type { Build } from "../lib/cli/self.ts";
import { environment } from "./_environment.ts";

/** The date given to all files, in seconds since 1970: 1 January 2000. */
const changed = Date.UTC(2000) / 1000;

const root = new URL("../", import.meta.url);

/**
 * Bundles the program into a folder: `main.js`, and beside it code that only some subcommands need,
 * so that each start loads no more than it must. Not minified: that starts no faster, and stack
 * traces stay readable. The same source gives the same files with the same dates, which get into
 * the native form. For that a copy of the source is bundled, with the packages beside it: paths get
 * into the files, and into the names that are made of their contents.
 *
 * @param build the facts of the build that the program knows
 * @throws Error with the output of `deno bundle`
 */
export async function bundle(folder: string, build: Build): Promise<void> {
  const entry = await Deno.makeTempDir({ prefix: "failover-entry-" });
  try {
    await Deno.writeTextFile(`${entry}/main.ts`, entryText(build));
    for (const name of ["deno.json", "deno.lock", "lib"]) {
      await copy(fileURLToPath(new URL(name, root)), `${entry}/${name}`);
    }
    const options = ["--quiet", "--node-modules-dir=auto", "--code-splitting", "--outdir", folder];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", ...options, "main.ts"],
      cwd: entry,
      stdout: "null",
      clearEnv: true,
      env: environment(),
    }).output();
    if (!success) throw new Error(`deno bundle: ${new TextDecoder().decode(stderr)}`);
    for await (const { name } of Deno.readDir(folder)) {
      await Deno.utime(`${folder}/${name}`, changed, changed);
    }
  } finally {
    await Deno.remove(entry, { recursive: true });
  }
}

/** Copies a file, or a folder with all that is in it. */
async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) await copy(`${from}/${name}`, `${to}/${name}`);
}

function entryText(build: Build): string {
  return `import { main } from "./lib/cli/main.ts";
import { compiled } from "./lib/cli/self.ts";

Deno.exit(await main(compiled(${JSON.stringify(build)}, Deno.args)));
`;
}
