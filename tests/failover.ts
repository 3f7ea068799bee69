import { TestProcess } from "./process.ts";

/** The program's source. */
export const main = new URL("../main.ts", import.meta.url).pathname;

/** How to run the program, besides its arguments. */
export interface RunOptions {
  readonly env?: Record<string, string>;
  /** What stands before the command: where it is to run. */
  readonly on?: readonly string[];
}

/** Runs this program's source with these arguments, as a process. */
export function failover(name: string, args: readonly string[], options: RunOptions = {}) {
  const { on = [] } = options;
  // No test may meet a node that really runs here.
  const env = { RUNTIME_DIRECTORY: "/dev/null", ...options.env };
  const line = [...on, Deno.execPath(), "run", "-A", "--quiet", main, ...args];
  return new TestProcess({ name, command: line[0], args: line.slice(1), env });
}

/** Writes a configuration into a folder and runs a node with it. */
export async function startNode(folder: string, name: string, text: string): Promise<TestProcess> {
  const file = `${folder}/${name}.ini`;
  await Deno.writeTextFile(file, text, { mode: 0o600 });
  const env = { RUNTIME_DIRECTORY: `${folder}/${name}` };
  return failover(name, ["node", "--config", file, "--name", name], { env });
}
