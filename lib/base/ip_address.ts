import ipaddr from "ipaddr.js";

/**
 * Whether two addresses are the same by value, as `2a01:4f8:fff1::` and `2A01:04F8:FFF1:0::0`.
 * Everybody writes IPv6 addresses another way, so addresses must never be compared as text. Text
 * that is no address equals nothing.
 */
export function sameAddress(a: string, b: string): boolean {
  if (!isAddress(a) || !isAddress(b)) return false;
  return ipaddr.process(a).toNormalizedString() === ipaddr.process(b).toNormalizedString();
}

/** Whether a text is an IPv4 address in four parts or an IPv6 address, without a zone. */
export function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) ||
    (text.includes(":") && !text.includes("%") && ipaddr.IPv6.isValid(text));
}
