import ipaddr from "ipaddr.js";
import { isAddress, sameAddress } from "../base/ip_address.ts";

/** A device of this machine, as `ip -json address show dev DEVICE` tells it. */
export interface Device {
  /** Its hardware address; undefined: it has none, or another form. */
  readonly mac?: string;
  /** Whether it is switched on. */
  readonly isUp: boolean;
  /** Whether it has a link: a cable, or the device below it, is not there else. */
  readonly hasLink: boolean;
  /** Its addresses, each with the length of its prefix. */
  readonly addresses: readonly { readonly ip: string; readonly prefix: number }[];
}

/** Reads the answer of `ip`; undefined: it tells of no device. */
export function deviceOf(json: string): Device | undefined {
  let said: unknown;
  try {
    said = JSON.parse(json);
  } catch {
    return undefined;
  }
  // An older iproute2 puts empty objects beside the device that was asked for.
  const found = listOf(said).find((each) => typeof fieldOf(each, "ifname") === "string");
  if (found === undefined) return undefined;
  const mac = fieldOf(found, "address");
  const flags = listOf(fieldOf(found, "flags"));
  return {
    mac: typeof mac === "string" && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) ? mac : undefined,
    isUp: flags.includes("UP"),
    hasLink: !flags.includes("NO-CARRIER"),
    addresses: listOf(fieldOf(found, "addr_info")).flatMap((each) => {
      const ip = fieldOf(each, "local");
      const prefix = fieldOf(each, "prefixlen");
      const isWhole = typeof ip === "string" && isAddress(ip) && typeof prefix === "number";
      return isWhole ? [{ ip, prefix }] : [];
    }),
  };
}

/** Whether a device has another address in the net of this one, which then has a route already. */
export function hasNet({ addresses }: Device, ip: string, prefix: number): boolean {
  const net = ipaddr.process(ip);
  return addresses.some((other) => {
    const parsed = ipaddr.process(other.ip);
    return other.prefix === prefix && !sameAddress(other.ip, ip) &&
      parsed.kind() === net.kind() && parsed.match(net as ipaddr.IPv4, prefix);
  });
}

/** The trouble of a device that an address is of little use on; undefined: none. */
export function troubleOf({ isUp, hasLink }: Device, dev: string): string | undefined {
  if (!isUp) return `the device ${dev} is down`;
  return hasLink ? undefined : `the device ${dev} has no link`;
}

/**
 * The address of a device whose net, by its own prefix, has an address that is given with another
 * one; undefined: none. A prefix of a single address fits any net.
 */
export function otherPrefix(
  { addresses }: Device,
  ip: string,
  prefix: number,
): string | undefined {
  const address = ipaddr.process(ip);
  if (prefix === (address.kind() === "ipv4" ? 32 : 128)) return undefined;
  const nets = addresses.filter((own) => {
    const parsed = ipaddr.process(own.ip);
    return !sameAddress(own.ip, ip) && parsed.kind() === address.kind() &&
      parsed.range() !== "linkLocal" && parsed.match(address as ipaddr.IPv4, own.prefix);
  });
  const [first] = nets;
  if (first === undefined || nets.some((own) => own.prefix === prefix)) return undefined;
  return `${first.ip}/${first.prefix}`;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
