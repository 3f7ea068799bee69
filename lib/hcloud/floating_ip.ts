import { isAddress } from "../base/ip_address.ts";
import { booleanOf, idOf, objectOf, textOf } from "./_fields.ts";

/** A floating IP in a reply of the Cloud (API.md, "Replies"). */
export interface FloatingIp {
  /** The id. */
  readonly id: number;
  /** The address, or the net address of an IPv6 subnet, without its length. */
  readonly ip: string;
  /** The name; empty where it is not told. */
  readonly name: string;
  /** The id of the server that has it; null: none. */
  readonly server: number | null;
  /** Whether the provider has blocked it; false where it is not told. */
  readonly blocked: boolean;
  /** The network zone of its home, within which a server may have it. */
  readonly zone?: string;
}

/**
 * Reads a floating IP. `id`, `ip` and `server` must be there; any other field that is not valid is
 * left out. Undefined: it is none.
 */
export function floatingIpOf(value: unknown): FloatingIp | undefined {
  const fields = objectOf(value);
  const id = idOf(fields.id);
  const ip = textOf(fields.ip)?.replace(/\/\d{1,3}$/, "");
  const server = fields.server === null ? null : idOf(fields.server);
  if (id === undefined || ip === undefined || !isAddress(ip) || server === undefined) {
    return undefined;
  }
  return {
    id,
    ip,
    server,
    name: textOf(fields.name) ?? "",
    blocked: booleanOf(fields.blocked) ?? false,
    zone: textOf(objectOf(fields.home_location).network_zone),
  };
}
