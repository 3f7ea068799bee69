/**
 * What the executable may do, whichever form it has: the narrowest that its features need, given to
 * `deno compile` and `deno run` alike. There is no foreign code (`--allow-ffi`), no code from
 * anywhere else (`--allow-import`), and no question: what is not here is refused.
 */
export const permissions: readonly string[] = [
  // The legion's nodes, the Robot, the status: wherever the configuration says.
  "--allow-net",
  // The configuration, and what it names: password files, certificates; /proc, for hooks that end.
  "--allow-read",
  // Sockets of the status, and the demo's folder: wherever the configuration or TMPDIR says.
  "--allow-write",
  // Hooks are any command; the demo's nodes are further processes of this program.
  "--allow-run",
  // `$(NAME)` in a configuration is any variable.
  "--allow-env",
  // The host's name and addresses, the user's id, and the umask, which has no narrower name.
  "--allow-sys",
  "--deny-ffi",
  "--deny-import",
  "--no-prompt",
  // UNIX datagrams, by which systemd is told that a node is ready.
  "--unstable-net",
];
