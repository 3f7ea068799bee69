import { isAddress } from "../base/ip_address.ts";
import { idOf, objectOf, textOf } from "./_fields.ts";

/** A server's place in a private network. */
export interface PrivateNet {
  /** The network's id. */
  readonly network: number;
  /** The server's own address there; empty where it is not told. */
  readonly ip: string;
  /** The alias IPs that it has there besides. */
  readonly aliasIps: readonly string[];
}

/** A server in a reply of the Cloud (API.md, "Replies"). */
export interface Server {
  /** The id. */
  readonly id: number;
  /** The name; empty where it is not told. */
  readonly name: string;
  /** The state, such as `running` or `off`; undefined where it is not told. */
  readonly status?: string;
  /** The network zone of its location. */
  readonly zone?: string;
  /** The versions of IP in which it has a public address; undefined where that is not told. */
  readonly families?: readonly (4 | 6)[];
  /** Its private networks. */
  readonly privateNets: readonly PrivateNet[];
}

/**
 * Reads a server. `id` must be there, and in each private network `network` and `alias_ips`, which
 * are written back; any other field that is not valid is left out. Undefined: it is none.
 */
export function serverOf(value: unknown): Server | undefined {
  const fields = objectOf(value);
  const id = idOf(fields.id);
  const privateNets = listOf(fields.private_net ?? [], privateNetOf);
  if (id === undefined || privateNets === undefined) return undefined;
  const location = fields.location ?? objectOf(fields.datacenter).location;
  return {
    id,
    name: textOf(fields.name) ?? "",
    status: textOf(fields.status),
    zone: textOf(objectOf(location).network_zone),
    families: familiesOf(fields.public_net),
    privateNets,
  };
}

/** Reads a list; undefined where it is none, or one of its items cannot be read. */
export function listOf<T>(
  value: unknown,
  read: (item: unknown) => T | undefined,
): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.map(read);
  return items.some((item) => item === undefined) ? undefined : items as T[];
}

function privateNetOf(value: unknown): PrivateNet | undefined {
  const fields = objectOf(value);
  const network = idOf(fields.network);
  const aliasIps = listOf(fields.alias_ips, (ip) => {
    return typeof ip === "string" && isAddress(ip) ? ip : undefined;
  });
  if (network === undefined || aliasIps === undefined) return undefined;
  return { network, ip: textOf(fields.ip) ?? "", aliasIps };
}

function familiesOf(publicNet: unknown): (4 | 6)[] | undefined {
  const { ipv4, ipv6 } = objectOf(publicNet);
  if (ipv4 === undefined || ipv6 === undefined) return undefined;
  return [...ipv4 === null ? [] : [4 as const], ...ipv6 === null ? [] : [6 as const]];
}
