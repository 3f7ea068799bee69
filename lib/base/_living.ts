/** How long a look may take before its answer is no longer waited for. */
const patienceMs = 2_000;
/** The exit status that says that all have ended; any other end of the shell says nothing. */
const noneLives = 10;

// Each file holds "PID (NAME) STATE PARENT GROUP …"; the name may hold anything, an end of line too,
// but nothing behind it holds a parenthesis. A look that saw nothing at all proves nothing.
const script = `
for file in /proc/[0-9]*/stat; do
  last=
  while read -r line; do last=$line; done 2> /dev/null < "$file" || continue
  set -- \${last##*)}
  [ -n "$3" ] || continue
  seen=1
  [ "$3" != "$GROUP" ] && continue
  case $1 in Z | X) ;; *) exit 0 ;; esac
done 2> /dev/null
[ -n "$seen" ] && exit ${noneLives}
`;

/**
 * Whether any process of a group still runs, zombies aside. Linux only. A child process looks, since
 * Deno keeps programs out of `/proc` that have not every permission there is.
 *
 * @param group The id of the process group
 * @returns true as well when the look itself fails: a process that runs is not to be forgotten
 */
export async function hasLiving(group: number): Promise<boolean> {
  try {
    const shell = new Deno.Command("/bin/sh", {
      args: ["-c", script],
      env: { GROUP: `${group}` },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const end = await endOf(shell);
    return end?.code !== noneLives;
  } catch {
    // No shell, no memory or no descriptor for it.
    return true;
  }
}

/** Undefined when it does not come in time; the process is killed then. */
async function endOf(shell: Deno.ChildProcess): Promise<Deno.CommandStatus | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), patienceMs);
  try {
    const end = await Promise.race([shell.status, late]);
    if (end === undefined) shell.kill("SIGKILL");
    return end;
  } finally {
    clearTimeout(timer);
  }
}
