import { abortable } from "@std/async/abortable";

/**
 * Looks up the addresses of a name: in `/etc/hosts`, and at the name servers of `/etc/resolv.conf`,
 * several of which are asked side by side. A name that is unknown there, or a `resolv.conf` that
 * cannot be read, is asked for as other programs do, at all that the system knows: loading that
 * takes 30 ms, and a name server that is dead is waited for.
 *
 * @param family the only version of IP to look for; both when left out, IPv4 first
 * @throws Error with the system's code, such as `ENOTFOUND`
 * @throws the signal's reason when it is aborted
 */
export async function lookUp(
  name: string,
  family: 4 | 6 | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  const types = ([["A", 4], ["AAAA", 6]] as const).filter(([, of]) => (family ?? of) === of);
  const asked = types.map(([type]) => Deno.resolveDns(name, type, { signal }));
  const answers = await Promise.allSettled(asked);
  signal.throwIfAborted();
  const found = answers.flatMap((answer) => answer.status === "fulfilled" ? answer.value : []);
  if (found.length > 0) return found;
  const { lookup } = await import("node:dns/promises");
  const all = await abortable(lookup(name, { family, all: true }), signal);
  return all.map(({ address }) => address);
}
