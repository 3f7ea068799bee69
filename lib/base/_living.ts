/** How long a look may take before its answer is no longer waited for, in milliseconds. */
const patienceMs = 2_000;
/** The exit status of the shell when no process runs; any other leaves that open. */
const noneLives = 10;

// Each file holds "PID (NAME) STATE PARENT GROUP …"; the name may hold anything, even an end of
// line, but nothing behind it holds a parenthesis. A look that saw nothing at all proves nothing.
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
 * Whether any process of a group still runs, zombies aside. Linux only. A child process looks,
 * since Deno lets only programs with every permission into `/proc`.
 *
 * @param group the id of the process group
 * @returns true as well when the look itself fails: no running process may be forgotten
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

/** The end of the shell; undefined: not in time, and the shell is killed. */
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
