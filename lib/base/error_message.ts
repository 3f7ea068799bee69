/**
 * The message of a thrown value, whatever it is: of an error its own, of anything else its text. The
 * runtime's advice to grant it more permissions is left out: an executable cannot.
 */
export function errorMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : `${error}`;
  const [, path] = /^Requires all access to (".*"), run again /.exec(message) ?? [];
  return path === undefined
    ? message
    : `${path} is in /proc, /sys or /dev, which are not used here`;
}
