import { errorMessage } from "./error_message.ts";
import { printableAll } from "./printable.ts";

/** A variable of the environment that a command finds: another value, or none. */
export interface Variable {
  /** The name. */
  readonly name: string;
  /** The value; undefined: the variable is not set. */
  readonly value?: string;
}

/** The surroundings in which a command runs, where they are others than this process's own. */
export interface Surroundings {
  /** Changes to the environment, in their order. */
  readonly env?: readonly Variable[];
  /** The working directory. */
  readonly chdir?: string;
  /** The umask, in octal digits. */
  readonly umask?: string;
  /** The user, by name or number. Only root can run a command as another. */
  readonly uid?: string;
  /** The group, by name or number, likewise. */
  readonly gid?: string;
}

/**
 * Starts a command with `/bin/sh -c`, in a process group of its own, so that everything it starts
 * can be told to end.
 *
 * @param env variables besides this process's own and those of the surroundings. Values may come
 * from others: control characters in them become escapes, and so does NUL, which no variable may hold
 * @throws Error when the shell cannot be run
 */
export function spawnShell(
  command: string,
  env: Record<string, string>,
  surroundings: Surroundings = {},
): Deno.ChildProcess {
  const { chdir, umask } = surroundings;
  const [program, ...before] = [...asUser(surroundings), "/bin/sh"];
  const script = umask === undefined ? command : `umask ${umask}; ${command}`;
  try {
    return new Deno.Command(program, {
      args: [...before, "-c", script],
      cwd: chdir,
      ...environment(surroundings, printableAll(env)),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      detached: true,
    }).spawn();
  } catch (error) {
    throw new Error(`${program} cannot be run: ${errorMessage(error)}`);
  }
}

/**
 * The words before a command that run it as the user and group of its surroundings, with the groups
 * that uWSGI gives it: root's own where only the user is another, and the user's further ones where
 * both are and the user is named. Only root can; for others there are no such words.
 */
export function asUser({ uid, gid }: Surroundings): string[] {
  if (Deno.uid() !== 0 || (uid === undefined && gid === undefined)) return [];
  const user = uid === undefined ? [] : ["--reuid", uid];
  const hasMore = uid !== undefined && gid !== undefined && !/^\d+$/.test(uid);
  const groups = ["--regid", gid ?? "0", hasMore ? "--init-groups" : "--clear-groups"];
  // The PATH of the command may be another one.
  return ["/usr/bin/setpriv", ...user, ...groups, "--"];
}

function environment({ env: changes = [] }: Surroundings, more: Record<string, string>) {
  if (changes.length === 0) return { env: more };
  const all = new Map(Object.entries(Deno.env.toObject()));
  for (const { name, value } of changes) {
    if (value === undefined) all.delete(name);
    else all.set(name, value);
  }
  return { clearEnv: true, env: { ...Object.fromEntries(all), ...more } };
}
