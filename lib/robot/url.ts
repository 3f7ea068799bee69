import { isAddress } from "../base/ip_address.ts";
import ipaddr from "ipaddr.js";

/** Where the Robot webservice is (API.md, "Where it is"). */
export const robotUrl = "https://robot-ws.your-server.de";

/**
 * The URL of one failover address, `BASE/failover/IP`. An IPv6 net address is written in its short
 * form, as the Robot does: `/failover/2a01:4f8:fff1::`.
 *
 * @param ip An address, or the net address of a subnet; any other text is taken as it is, escaped
 * @param base Scheme, host and port, and perhaps a path, of another Robot
 */
export function failoverUrl(ip: string, base = robotUrl): string {
  const segment = isAddress(ip) ? ipaddr.parse(ip).toString() : encodeURIComponent(ip);
  return `${base.replace(/\/+$/, "")}/failover/${segment}`;
}

/**
 * The URL of the list of all failover addresses, from the URL of one: without its last segment.
 *
 * @throws TypeError when it is no URL
 */
export function failoverListUrl(url: string): string {
  return new URL(".", url).href.replace(/\/$/, "");
}
