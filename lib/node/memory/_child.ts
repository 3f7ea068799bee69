import { within } from "../../base/within.ts";

// How long a child may take, and how long its end after a SIGKILL, in milliseconds.
const patienceMs = 2_000;
const endMs = 500;

/**
 * Asks a child, as the runtime refuses its own programs all of `/proc`. Never rejects, and takes some
 * two seconds at most.
 *
 * @returns the line that it prints; empty: there is no answer
 */
export async function outputOf(command: string, args: string[]): Promise<string> {
  let child: Deno.ChildProcess;
  try {
    const io = { stdin: "null", stdout: "piped", stderr: "null" } as const;
    child = new Deno.Command(command, { args, ...io }).spawn();
  } catch {
    return "";
  }
  let answer: string | undefined;
  const read = child.output().then(({ stdout }) => {
    answer = new TextDecoder().decode(stdout).trim();
  });
  await within(read, patienceMs).catch(() => {});
  if (answer !== undefined) return answer;
  end(child);
  await within(read, endMs).catch(() => {});
  return "";
}

function end(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // The child has ended by itself.
  }
}
