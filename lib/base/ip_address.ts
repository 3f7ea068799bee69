import ipaddr from "ipaddr.js";

// Each datagram's sender is brought into the normal form, and a node hears the same ones for ever.
const known = new Map<string, string>();
const mostKnown = 4_096;

/**
 * An address in its only normal form, by which addresses are compared: `2A01:04F8:0::1` is
 * `2a01:4f8::1`, `::ffff:1.2.3.4` is `1.2.3.4`. The zone of a link-local address is left out, since
 * each machine names it its own way: `fe80::1%eth0` is `fe80::1`.
 *
 * @throws Error when the text is no address
 */
export function normalHost(text: string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  const address = ipaddr.process(text);
  const normal = address instanceof ipaddr.IPv4
    ? address.toString()
    : new ipaddr.IPv6(address.parts).toRFC5952String();
  // Senders can be made up.
  if (known.size >= mostKnown) known.clear();
  known.set(text, normal);
  return normal;
}

/**
 * Whether two addresses are the same by value, as `2a01:4f8:fff1::` and `2A01:04F8:FFF1:0::0`.
 * Everybody writes IPv6 addresses another way, so addresses must never be compared as text. Text
 * that is no address equals nothing.
 */
export function sameAddress(a: string, b: string): boolean {
  return isAddress(a) && isAddress(b) && normalHost(a) === normalHost(b);
}

/**
 * The net address of the /64 that an IPv6 address is in, as servers and failover subnets have them:
 * of `2a01:4f8:1::2` it is `2a01:4f8:1::`. An IPv4 address is its own.
 *
 * @throws Error when the text is no address
 */
export function netAddress(text: string): string {
  const address = ipaddr.process(text);
  if (address instanceof ipaddr.IPv4) return address.toString();
  return new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0]).toRFC5952String();
}

/** Whether a text is the net address of an IPv6 subnet, as {@link netAddress} gives it. */
export function isNetAddress(text: string): boolean {
  return isAddress(text) && netAddress(text).includes(":") && sameAddress(text, netAddress(text));
}

/**
 * Whether an address is one of some hosts', as a machine's own. The net address of an IPv6 subnet is
 * where any address of the subnet is.
 *
 * @param hosts addresses, perhaps with zones; other texts are passed over
 */
export function isAmong(address: string, hosts: readonly string[]): boolean {
  const isNet = isNetAddress(address);
  return hosts.map((text) => text.split("%", 1)[0]).filter(isAddress)
    .some((host) => sameAddress(isNet ? netAddress(host) : host, address));
}

/** Whether a text is an IPv4 address in four parts or an IPv6 address, without a zone. */
export function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) ||
    (text.includes(":") && !text.includes("%") && ipaddr.IPv6.isValid(text));
}
