import { program } from "./failover.ts";
import { withOwnFolders } from "./own_folders.ts";

/** The settings of a run of the program to its end. */
export interface RunOptions {
  readonly env?: Record<string, string>;
  /** The text on standard input; empty when left out. */
  readonly input?: string;
  /** The words before the command. */
  readonly on?: readonly string[];
}

/** Runs the program to its end, with no other environment than the given one. */
export async function run(args: readonly string[], { env = {}, input, on = [] }: RunOptions = {}) {
  const line = [...on, ...program.command, ...args];
  const { HOME = "/", PATH = "", DENO_DIR } = Deno.env.toObject();
  const child = new Deno.Command(line[0], {
    args: line.slice(1),
    clearEnv: true,
    env: {
      HOME,
      PATH,
      ...DENO_DIR === undefined ? {} : { DENO_DIR },
      ...program.env,
      ...withOwnFolders(env),
    },
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (input !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  }
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}
