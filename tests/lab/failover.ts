import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { TestProcess } from "./process.ts";

/** The command that starts the program under test. */
export interface Program {
  /** The words before its arguments. */
  readonly command: readonly string[];
  /** The variables that the program cannot do without. */
  readonly env: Readonly<Record<string, string>>;
  /** The path of the executable; undefined for the source. */
  readonly executable?: string;
}

/**
 * The program under test: this source, with exactly the permissions of the executable; or the
 * executable that the variable FAILOVER_TEST_EXECUTABLE names (`deno task test:executable`).
 */
export const program = programUnderTest();

function programUnderTest(): Program {
  const executable = Deno.env.get("FAILOVER_TEST_EXECUTABLE");
  if (executable === undefined) {
    const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
    return { command: [Deno.execPath(), "run", "--quiet", "-P", main], env: {} };
  }
  const path = resolve(executable);
  return {
    executable: path,
    command: [path],
    env: { FAILOVER_CACHE_DIR: `${dirname(path)}/cache` },
  };
}

/** The settings of a run of the program, besides its arguments. */
export interface RunOptions {
  readonly env?: Record<string, string>;
  /** The words before the command, such as ones that run it in a network namespace. */
  readonly on?: readonly string[];
}

/** Starts the program with these arguments. */
export function failover(name: string, args: readonly string[], options: RunOptions = {}) {
  const { on = [] } = options;
  // The tests themselves may run under systemd, which neither is a supervisor of their nodes nor
  // keeps their log.
  const env = { INVOCATION_ID: "", JOURNAL_STREAM: "", ...program.env, ...options.env };
  const [command, ...words] = [...on, ...program.command, ...args];
  return new TestProcess({ name, command, args: words, env });
}

/** Writes a configuration into a folder and runs a node with it. */
export async function startNode(folder: string, name: string, text: string): Promise<TestProcess> {
  const file = `${folder}/${name}.ini`;
  await Deno.writeTextFile(file, text, { mode: 0o600 });
  const env = { RUNTIME_DIRECTORY: `${folder}/${name}` };
  return failover(name, ["node", "--config", file, "--name", name], { env });
}
