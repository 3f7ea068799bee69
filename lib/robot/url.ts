import { isAddress } from "../base/ip_address.ts";
import ipaddr from "ipaddr.js";

/** The base URL of the Robot webservice (API.md, "Where it is"). */
export const robotUrl = "https://robot-ws.your-server.de";

/**
 * The URL of one failover address, `BASE/failover/IP`. An IPv6 net address is written in its short
 * form, as the Robot does: `/failover/2a01:4f8:fff1::`.
 *
 * @param ip an address, or the net address of a subnet; any other text is only escaped
 * @param base another Robot's scheme, host and port, and perhaps a path
 */
export function failoverUrl(ip: string, base = robotUrl): string {
  const segment = isAddress(ip) ? ipaddr.parse(ip).toString() : encodeURIComponent(ip);
  return `${base.replace(/\/+$/, "")}/failover/${segment}`;
}

/**
 * The URL of the list of all failover addresses that has this one; undefined where the URL is not of
 * the usual form, and so need not have a list above it.
 *
 * @param url the URL of the one address
 * @throws TypeError when `url` is invalid
 */
export function usualListUrl(ip: string, url: string): string | undefined {
  const list = failoverListUrl(url);
  if (!list.endsWith("/failover")) return undefined;
  const usual = failoverUrl(ip, list.slice(0, -"/failover".length));
  return new URL(url).href === usual ? list : undefined;
}

/**
 * The URL of the list of all failover addresses, from the URL of one: without its last segment.
 *
 * @throws TypeError when `url` is invalid
 */
export function failoverListUrl(url: string): string {
  return new URL(".", url).href.replace(/\/$/, "");
}
