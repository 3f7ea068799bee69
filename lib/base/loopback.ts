import ipaddr from "ipaddr.js";
import { bareHost } from "./url_host.ts";

/**
 * Whether a host is this machine's own loopback: 127.0.0.0/8, ::1 (in brackets or not) or
 * `localhost`. The wildcard address is none, and no other name is: a name server decides where a
 * name leads.
 */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === "localhost") return true;
  const bare = bareHost(host);
  return ipaddr.isValid(bare) && ipaddr.process(bare).range() === "loopback";
}
