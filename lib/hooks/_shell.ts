import { HookError } from "./action.ts";

/**
 * Starts a command with `/bin/sh -c`, in a process group of its own, so that all it starts can be
 * told to end.
 *
 * @throws HookError when the shell cannot be run
 */
export function spawnShell(command: string, env: Record<string, string>): Deno.ChildProcess {
  try {
    return new Deno.Command("/bin/sh", {
      args: ["-c", command],
      env,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      detached: true,
    }).spawn();
  } catch (error) {
    throw new HookError(`/bin/sh cannot be run: ${error instanceof Error ? error.message : error}`);
  }
}
