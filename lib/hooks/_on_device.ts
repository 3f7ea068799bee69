import ipaddr from "ipaddr.js";
import { isAddress, sameAddress } from "../base/ip_address.ts";

/** A device of this machine, as `ip -json address show dev DEVICE` tells it. */
export interface Device {
  /** Its hardware address; undefined: it has none, or another form. */
  readonly mac?: string;
  /** Whether it is switched on. */
  readonly isUp: boolean;
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
  return {
    mac: typeof mac === "string" && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) ? mac : undefined,
    isUp: listOf(fieldOf(found, "flags")).includes("UP"),
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

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
