import { fileURLToPath } from "node:url";
import type { Build } from "../lib/cli/self.ts";

const root = new URL("../", import.meta.url);

/**
 * Bundles the program into a folder: `main.js`, and beside it what only some subcommands need, so
 * that each start loads no more than it must. Not minified: it starts no faster, and a stack trace
 * can be read.
 *
 * @param build What the program is to know of its making
 * @throws Error with what `deno bundle` said
 */
export async function bundle(folder: string, build: Build): Promise<void> {
  const entry = await Deno.makeTempDir({ prefix: "failover-entry-" });
  try {
    await Deno.writeTextFile(`${entry}/main.ts`, entryText(build));
    const config = fileURLToPath(new URL("deno.json", root));
    const options = ["--quiet", "--config", config, "--code-splitting", "--outdir", folder];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", ...options, `${entry}/main.ts`],
      stdout: "null",
      env: { NO_COLOR: "1" },
    }).output();
    if (!success) throw new Error(`deno bundle: ${new TextDecoder().decode(stderr)}`);
  } finally {
    await Deno.remove(entry, { recursive: true });
  }
}

function entryText(build: Build): string {
  const from = (path: string) => JSON.stringify(new URL(path, root).href);
  return `import { main } from ${from("lib/cli/main.ts")};
import { compiled } from ${from("lib/cli/self.ts")};

Deno.exit(await main(compiled(${JSON.stringify(build)}, Deno.args)));
`;
}
