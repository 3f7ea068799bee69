/**
 * A host without the brackets that an IPv6 address has in a URL and before a port; any other host as
 * it came.
 *
 * @example
 * ```ts
 * bareHost("[fd00::1]"); // "fd00::1"
 * ```
 */
export function bareHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

/** The port that an http or https URL leads to: its own, else that of its scheme. */
export function portOf({ protocol, port }: Pick<URL, "protocol" | "port">): number {
  return Number(port || (protocol === "http:" ? 80 : 443));
}
