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
 * the native form.
 *
 * @param build the facts of the build that the program knows
 * @throws Error with the output of `deno bundle`
 */
export async function bundle(folder: string, build: Build): Promise<void> {
  const entry = await Deno.makeTempDir({ prefix: "failover-entry-" });
  try {
    await Deno.writeTextFile(`${entry}/main.ts`, entryText(build));
    const config = fileURLToPath(new URL("deno.json", root));
    const options = ["--quiet", "--config", config, "--code-splitting", "--outdir", folder];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", ...options, `${entry}/main.ts`],
      cwd: root,
      stdout: "null",
      clearEnv: true,
      env: environment(),
    }).output();
    if (!success) throw new Error(`deno bundle: ${new TextDecoder().decode(stderr)}`);
    await forget(entry, `${folder}/main.js`);
    for await (const { name } of Deno.readDir(folder)) {
      await Deno.utime(`${folder}/${name}`, changed, changed);
    }
  } finally {
    await Deno.remove(entry, { recursive: true });
  }
}

/** Removes the name of the entry's folder, another one each time, from comments. */
async function forget(entry: string, file: string): Promise<void> {
  const text = await Deno.readTextFile(file);
  const name = entry.slice(entry.lastIndexOf("/") + 1);
  await Deno.writeTextFile(file, text.replaceAll(RegExp(`\\S*${name}/`, "g"), ""));
}

function entryText(build: Build): string {
  const from = (path: string) => JSON.stringify(new URL(path, root).href);
  return `import { main } from ${from("lib/cli/main.ts")};
import { compiled } from ${from("lib/cli/self.ts")};

Deno.exit(await main(compiled(${JSON.stringify(build)}, Deno.args)));
`;
}
