import { printableAll } from "./printable.ts";

/**
 * Starts a command with `/bin/sh -c`, in a process group of its own, so that all it starts can be
 * told to end.
 *
 * @param env Variables besides this process's own. Their values may come from others: what a
 *   terminal should not get stands in them as an escape, and so does NUL, which none may hold
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
    throw new Error(`/bin/sh cannot be run: ${error instanceof Error ? error.message : error}`);
  }
}
