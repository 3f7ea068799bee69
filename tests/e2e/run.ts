import { main } from "../failover.ts";

/** How to run the program to its end. */
export interface RunOptions {
  readonly env?: Record<string, string>;
  /** What comes on standard input; nothing when left out. */
  readonly input?: string;
  /** What stands before the command. */
  readonly on?: readonly string[];
}

/** Runs this program's source to its end; the environment is the given one alone. */
export async function run(args: readonly string[], { env = {}, input, on = [] }: RunOptions = {}) {
  const line = [...on, Deno.execPath(), "run", "-A", "--quiet", main, ...args];
  const { HOME = "/", PATH = "", DENO_DIR } = Deno.env.toObject();
  const child = new Deno.Command(line[0], {
    args: line.slice(1),
    clearEnv: true,
    // No test may meet a node that really runs here.
    env: {
      RUNTIME_DIRECTORY: "/dev/null",
      HOME,
      PATH,
      ...DENO_DIR === undefined ? {} : { DENO_DIR },
      ...env,
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
