import { TestProcess } from "./process.ts";
import { compile, type Result, resultOf } from "./compile.ts";
import { type Island, makeIsland } from "./island.ts";
import { noDownload } from "./no_download.ts";

/** How to run the executable. */
export interface RunOptions {
  /** The whole environment. */
  readonly env?: Record<string, string>;
  /** What stands before the command; without it: on the island. */
  readonly on?: readonly string[];
  /** A copy of it. */
  readonly copy?: string;
  /** What comes on standard input. */
  readonly input?: string;
}

/** An executable as it is on a server: alone in a folder, on a network of its own. */
export interface Executable extends AsyncDisposable {
  /** Where it is; nothing can be written there. */
  readonly folder: string;
  readonly path: string;
  /** What its build said. */
  readonly built: Result;
  readonly island: Island;
  /** Makes an empty folder that everybody can reach; it is gone at the end. */
  newFolder(owner?: number): Promise<string>;
  /** Starts it. */
  start(args: readonly string[], options: RunOptions): TestProcess;
  /** Runs it to its end. */
  run(args: readonly string[], options: RunOptions): Promise<Result>;
}

/** Builds the executable where its runtime cannot be downloaded: in the portable form. */
export async function makeExecutable(): Promise<Executable> {
  const base = await Deno.makeTempDir({ prefix: "failover-executable-" });
  await Deno.chmod(base, 0o755);
  const newFolder = async (owner = 0) => {
    const made = await Deno.makeTempDir({ dir: base });
    await Deno.chown(made, owner, owner);
    return made;
  };
  const folder = await newFolder();
  const path = `${folder}/failover`;
  const built = await buildWithoutDownload(base, path);
  await Deno.chmod(folder, 0o555);
  const island = await makeIsland();

  function commandLine(
    args: readonly string[],
    { env = {}, on = island.on, copy = path }: RunOptions,
  ): [command: string, args: string[]] {
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const [command, ...rest] = [...on, "/usr/bin/env", "-i", ...variables, copy, ...args];
    return [command, rest];
  }

  return {
    folder,
    path,
    built,
    island,
    newFolder,
    start(args, options) {
      const [command, rest] = commandLine(args, options);
      return new TestProcess({ name: args.join(" "), command, args: rest });
    },
    run: (args, options) => resultOf(...commandLine(args, options), { input: options.input }),
    async [Symbol.asyncDispose]() {
      await island[Symbol.asyncDispose]();
      await Deno.remove(base, { recursive: true });
    },
  };
}

async function buildWithoutDownload(base: string, output: string): Promise<Result> {
  using nowhere = await noDownload(base);
  return await compile(["--output", output, "--patience", "2"], nowhere.env);
}
