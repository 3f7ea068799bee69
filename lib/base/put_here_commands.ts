import { isAddress, netAddress } from "./ip_address.ts";

/**
 * The commands that put a failover address on an interface of a server. Of an IPv6 subnet that is
 * one of its addresses, since no service can have the net address; with the second command the
 * server answers for all of them.
 *
 * @param ip the address, or the net address of a subnet
 */
export function putHereCommands(ip: string): string[] {
  if (!isAddress(ip) || !ip.includes(":")) return [`ip address add ${ip}/32 dev lo`];
  const net = netAddress(ip);
  return [`ip -6 address add ${net}2/64 dev lo`, `ip -6 route add local ${net}/64 dev lo`];
}
