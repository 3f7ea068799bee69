import { TestProcess } from "./process.ts";
import { compile, type Result, resultOf } from "./compile.ts";
import { type Island, makeIsland } from "./island.ts";
import { noDownload } from "./no_download.ts";
import { withOwnFolders } from "./own_folders.ts";

/** The settings of a run of the executable. */
export interface RunOptions {
  /** The whole environment. */
  readonly env?: Record<string, string>;
  /** The words before the command; when left out, the ones that put it on the island. */
  readonly on?: readonly string[];
  /** The path of a copy to run instead. */
  readonly copy?: string;
  /** The text on standard input. */
  readonly input?: string;
}

/** An executable, alone in a folder and on a network of its own, as on a server. */
export interface Executable extends AsyncDisposable {
  /** The folder of the executable, which cannot be written to. */
  readonly folder: string;
  /** The path of the executable. */
  readonly path: string;
  /** The exit status and output of its build. */
  readonly built: Result;
  /** The network that it runs on. */
  readonly island: Island;
  /** Makes an empty folder that every user can reach; removed at the end. */
  newFolder(owner?: number): Promise<string>;
  /** Starts the executable. */
  start(args: readonly string[], options: RunOptions): TestProcess;
  /** Runs the executable to its end. */
  run(args: readonly string[], options: RunOptions): Promise<Result>;
}

/** Builds the executable in the portable form, by keeping its runtime from being downloaded. */
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
    const variables = Object.entries(withOwnFolders(env)).map(([name, value]) =>
      `${name}=${value}`
    );
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
