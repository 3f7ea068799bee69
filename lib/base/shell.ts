import { errorMessage } from "./error_message.ts";
import { printableAll } from "./printable.ts";

/**
 * Starts a command with `/bin/sh -c`, in a process group of its own, so that everything it starts
 * can be told to end.
 *
 * @param env variables besides this process's own. Values may come from others: control characters
 * in them become escapes, and so does NUL, which no variable may hold
 * @throws Error when the shell cannot be run
 */
export function spawnShell(command: string, env: Record<string, string>): Deno.ChildProcess {
  try {
    return new Deno.Command("/bin/sh", {
      args: ["-c", command],
      env: printableAll(env),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      detached: true,
    }).spawn();
  } catch (error) {
    throw new Error(`/bin/sh cannot be run: ${errorMessage(error)}`);
  }
}
