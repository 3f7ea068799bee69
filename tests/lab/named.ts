/**
 * The words that run a command for which a name has one address alone, put before it. Needs root, and
 * Debian's package `util-linux`.
 *
 * @param file a file of the test's, which is written, and taken for `/etc/hosts`
 */
export function named(host: string, address: string, file: string): string[] {
  const script = `echo "${address} ${host}" > "$0" && mount --bind "$0" /etc/hosts && exec "$@"`;
  return ["unshare", "--mount", "sh", "-c", script, file];
}
