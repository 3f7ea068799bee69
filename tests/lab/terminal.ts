import { program } from "./failover.ts";

/** A question to wait for, and the answer to type then. */
export type Turn = readonly [question: RegExp, answer: string];

/** The settings of a command on a terminal. */
interface TerminalOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The words before the command, such as ones that run it on another machine. */
  readonly on?: readonly string[];
}

/** As {@link converseIn}, with the program. */
export function converse(args: readonly string[], turns: readonly Turn[]) {
  const words = [...program.command, ...args];
  return converseIn(words.map((word) => `'${word}'`).join(" "), turns, { env: program.env });
}

/**
 * Runs a command line on a terminal of its own and answers its questions. The result is all that the
 * terminal showed.
 *
 * @throws Error when the command ends before a question came, or takes more than 20 s
 */
export async function converseIn(
  line: string,
  turns: readonly Turn[],
  { env = {}, on = [] }: TerminalOptions = {},
) {
  const shell = ["script", "--quiet", "--return", "--command", line, "/dev/null"];
  const child = new Deno.Command("timeout", {
    args: ["20", ...on, ...shell],
    env: { ...env, NO_COLOR: "1", TERM: "dumb" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const keyboard = child.stdin.getWriter();
  const left = [...turns];
  let shown = "";
  let from = 0;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    shown += text;
    const [next] = left;
    const found = next?.[0].exec(shown.slice(from));
    if (!found) continue;
    from += found.index + found[0].length;
    await keyboard.write(new TextEncoder().encode(next[1]));
    left.shift();
  }
  await keyboard.close().catch(() => {});
  const { code } = await child.status;
  if (left.length > 0) throw new Error(`${left[0][0]} was never asked:\n${shown}`);
  return { code, shown: shown.replaceAll("\r", "") };
}
