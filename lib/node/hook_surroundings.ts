import { errorMessage } from "../base/error_message.ts";
import { asUser } from "../base/shell.ts";
import type { Config } from "../config/config.ts";
import { ConfigError, type ConfigProblem } from "../config/config_error.ts";

/**
 * Tries on this machine the surroundings in which the hooks of a configuration run: a takeover must
 * not be the first to find that a directory or a user is not there.
 *
 * @returns warnings, one sentence each
 * @throws ConfigError where no hook could run
 */
export function checkSurroundings({ file, legions: [legion] }: Config): string[] {
  // The options hold for all legions alike.
  const { chdir, uid, gid } = legion;
  const problems: ConfigProblem[] = [];
  const fault = chdir === undefined ? undefined : faultOf(chdir);
  if (fault !== undefined) problems.push({ file, option: "chdir", message: fault });
  const option = uid === undefined ? "gid" : "uid";
  const words = asUser({ uid, gid });
  const refusal = words.length === 0 ? undefined : refusalOf(words);
  if (refusal !== undefined) problems.push({ file, option, message: refusal });
  if (problems.length > 0) throw new ConfigError(problems);
  if (words.length > 0 || (uid === undefined && gid === undefined)) return [];
  return [
    `${file}: ${option}: only root can run hooks as another user: they run as the node's own`,
  ];
}

function faultOf(path: string): string | undefined {
  try {
    return Deno.statSync(path).isDirectory ? undefined : "it is no directory";
  } catch (error) {
    // Another user than the node's may read the file for a command, and need not see the directory.
    return error instanceof Deno.errors.NotFound ? "there is no such directory" : undefined;
  }
}

function refusalOf([program, ...args]: string[]): string | undefined {
  try {
    const { success, stderr } = new Deno.Command(program, {
      args: [...args, "true"],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).outputSync();
    return success ? undefined : `hooks cannot run so: ${new TextDecoder().decode(stderr).trim()}`;
  } catch (error) {
    return `hooks cannot run so: ${program} (of util-linux) cannot be run: ${errorMessage(error)}`;
  }
}
