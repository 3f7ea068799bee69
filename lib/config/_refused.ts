import { otherFormats, toIni } from "./_other_format.ts";

// Options of uWSGI's without which the hooks, or the nodes, would be others than the file says.
const instead: ReadonlyMap<string, string> = new Map([
  ["chroot", "start the node in that directory: RootDirectory= in its systemd unit"],
  ["envdir", "set each variable with env = NAME=VALUE"],
  ["early-envdir", "set each variable with env = NAME=VALUE"],
  ["add-gid", "let uid be a user who is in that group"],
  ["declare-option", "write out the options that it stands for"],
  ["declare-option2", "write out the options that it stands for"],
  ...otherFormats.flatMap(({ format, options }) =>
    options.map((option) => [option, toIni(format, "FILE")] as const)
  ),
]);

const onTheLord = "use legion-lord and legion-unlord hooks that start and stop a systemd service " +
  "or timer, or a crontab line: * * * * * failover lord --quiet --legion NAME && COMMAND";

/**
 * The reason why an option of uWSGI's is refused, with what would be right: without it a node would
 * be another one than the file says. Undefined: it is not refused.
 */
export function refusal(key: string, value: string): string | undefined {
  const right = isOnTheLord(key, value) ? onTheLord : instead.get(key);
  return right && `this option of uWSGI's is not to be had here: ${right}`;
}

/** Whether an option runs something on the lord alone, in any of its spellings. */
function isOnTheLord(key: string, value: string): boolean {
  if (key === "cron2") {
    // The keys end where the command begins, at the first space.
    const [keys] = value.split(" ", 1);
    return keys.split(",").some((pair) => pair.startsWith("legion="));
  }
  return /^(unique-)?cron-legion$|^unique-legion-cron$|^legion-.*(cron|attach-daemon)/.test(key);
}
