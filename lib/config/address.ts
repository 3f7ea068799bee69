import ipaddr from "ipaddr.js";
import type { Address } from "../base/address.ts";
import type { Casting } from "./config.ts";
import { Invalid } from "../base/invalid.ts";
import { normalHost } from "../base/ip_address.ts";

/**
 * Reads `1.2.3.4:2000`, `[::1]:2000` or `:2000`, which is any address of this machine (0.0.0.0).
 * Host names are no addresses here: a failover must not depend on a name server.
 *
 * @throws Invalid when it is none of these
 */
export function parseAddress(text: string): Address {
  const match = /^(?:\[(?<six>[^\]]*)\]|(?<host>[^:]*)):(?<port>[0-9]*)$/.exec(text);
  if (match?.groups === undefined) throw invalid("it has no port");
  const { six, host, port } = match.groups;
  const number = Number(port);
  if (number < 1 || number > 65_535) throw invalid("the port is not one of 1 to 65535");
  if (six !== undefined) {
    if (!ipaddr.IPv6.isValid(six)) throw invalid("what is in brackets is no IPv6 address");
    return { host: six, port: number };
  }
  if (host !== "" && !ipaddr.IPv4.isValidFourPartDecimal(host)) {
    throw invalid("the host is no IP address, and names are not looked up");
  }
  return { host: host === "" ? "0.0.0.0" : host, port: number };
}

function invalid(why: string): Invalid {
  return new Invalid(`no address: ${why}; right would be 1.2.3.4:2000, [::1]:2000 or :2000`);
}

/** The usual way to write an address: `1.1.1.1:2000`, `[::1]:2000`. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The way in which a legion's own address is bound (PROTOCOL.md, "Options"). */
export function castingOf({ host }: Address): Casting {
  const address = ipaddr.parse(host);
  switch (address.range()) {
    case "multicast":
      return "multicast";
    case "broadcast":
      return "broadcast";
    default:
      return "unicast";
  }
}

/** Whether an address is an IPv6 one. */
export function isIpv6({ host }: Address): boolean {
  return host.includes(":");
}

/** Whether an address is the wildcard, 0.0.0.0 or [::]: every address of this machine. */
export function isWildcard({ host }: Address): boolean {
  return ipaddr.process(host).range() === "unspecified";
}

/**
 * An address as `host:port` in its only normal form. Addresses are compared in this form and no
 * other: `[FD09:0:0:0:0:0:0:1]:2000` is `[fd09::1]:2000`.
 */
export function normalAddress({ host, port }: Address): string {
  return formatAddress({ host: normalHost(host), port });
}
