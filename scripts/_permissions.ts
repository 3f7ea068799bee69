import project from "../deno.json" with { type: "json" };

/**
 * The permissions of the executable, whichever form it has, as flags of `deno compile` and `deno
 * run`: the default set of deno.json. The program from source (`deno run -P main.ts`) and the tests
 * run with the same set, so a missing permission shows there. The set is the narrowest that the
 * features need:
 *
 * - `net`: the legion's nodes, the Robot, the status, wherever the configuration says.
 * - `read`: the configuration and the files that it names: passwords, certificates.
 * - `write`: sockets of the status, the demo's folder, wherever the configuration or TMPDIR says.
 * - `run`: hooks are any command; the demo's nodes are further processes of this program.
 * - `env`: `$(NAME)` in a configuration is any variable.
 * - `sys`: the host's name and addresses, the user's id, and the umask, which has no narrower name.
 *
 * Foreign code (`ffi`) and code from anywhere else (`import`) are denied. With less than all
 * permissions Deno lets nobody into /proc, /sys and most of /dev.
 */
export const permissions: readonly string[] = [
  ...Object.entries(project.permissions.default).map(([name, given]) => {
    return `--${given === true ? "allow" : "deny"}-${name}`;
  }),
  // Prompts could not be answered: nobody sits before a server.
  "--no-prompt",
  ...project.unstable.map((name) => `--unstable-${name}`),
];
