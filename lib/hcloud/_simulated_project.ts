import ipaddr from "ipaddr.js";
import { isAddress, sameAddress } from "../base/ip_address.ts";

/** A token of a project. */
export interface SimulatedToken {
  /** The token. */
  readonly token: string;
  /** Whether it may only read; default false. */
  readonly readOnly?: boolean;
}

/** A server's place in a private network. */
export interface SimulatedPrivateNet {
  /** The network's id. */
  readonly network: number;
  /** The server's own address there. */
  readonly ip: string;
  /** The alias addresses that the server has at first; default none. */
  readonly aliasIps?: readonly string[];
}

/** A server of a project. */
export interface SimulatedServer {
  /** The server's id, of which there is one in all projects. */
  readonly id: number;
  /** The name; default `server-ID`. */
  readonly name?: string;
  /** Whether it runs; default `running`. */
  readonly status?: "running" | "off";
  /** The location; default `fsn1`. */
  readonly location?: string;
  /** The public IPv4 address; null: none; one by the id when left out. */
  readonly ipv4?: string | null;
  /** The public IPv6 subnet, such as `2001:db8:1::/64`; null: none; one by the id when left out. */
  readonly ipv6?: string | null;
  /** The private networks it is attached to; default none. */
  readonly privateNets?: readonly SimulatedPrivateNet[];
}

/** A floating address of a project. */
export interface SimulatedFloatingIp {
  /** The id, of which there is one in all projects. */
  readonly id: number;
  /** The address; an IPv6 one as a subnet, such as `2001:db8:f::/64`. */
  readonly ip: string;
  /** The name; default `floating-ID`. */
  readonly name?: string;
  /** The id of the server that it is assigned to at first; null, the default: none. */
  readonly server?: number | null;
  /** Whether the provider has blocked the address; default false. */
  readonly blocked?: boolean;
  /** The location; default `fsn1`. */
  readonly location?: string;
  /** The labels; default none. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A private network of a project. */
export interface SimulatedNetwork {
  /** The id. */
  readonly id: number;
  /** The addresses, such as `10.0.0.0/16`. */
  readonly ipRange: string;
  /** The name; default `network-ID`. */
  readonly name?: string;
}

/** A project, and all that is in it. */
export interface SimulatedProject {
  /** The tokens; one that is only text may read and write. */
  readonly tokens: readonly (string | SimulatedToken)[];
  /** The servers. */
  readonly servers: readonly SimulatedServer[];
  /** The floating addresses; default none. */
  readonly floatingIps?: readonly SimulatedFloatingIp[];
  /** The private networks; default none. */
  readonly networks?: readonly SimulatedNetwork[];
}

/** A resource that actions run on: while one does, the next is refused. */
interface Lockable {
  /** The number of actions, and of tests, that lock it. */
  locks: number;
}

/** A floating address as it is now. */
export interface FloatingIp extends Required<SimulatedFloatingIp>, Lockable {
  name: string;
  server: number | null;
  blocked: boolean;
}

/** A server's place in a network as it is now. */
export interface PrivateNet extends SimulatedPrivateNet {
  aliasIps: readonly string[];
}

/** A server as it is now. */
export interface Server extends Required<SimulatedServer>, Lockable {
  name: string;
  readonly privateNets: readonly PrivateNet[];
}

/** A network as it is now. */
export interface Network extends Required<SimulatedNetwork> {
  name: string;
}

/** The contents of a project now. */
export class Project {
  /** The tokens. */
  readonly tokens: readonly SimulatedToken[];
  /** The servers, by id. */
  readonly servers: Map<number, Server>;
  /** The floating addresses, by id. */
  readonly floatingIps: Map<number, FloatingIp>;
  /** The networks, by id. */
  readonly networks: Map<number, Network>;

  /**
   * Makes a project as it is at first.
   *
   * @throws TypeError when an address is none, or is at a server or in a network that is not here
   */
  constructor({ tokens, servers, floatingIps = [], networks = [] }: SimulatedProject) {
    this.tokens = tokens.map((token) => typeof token === "string" ? { token } : token);
    this.servers = byId(servers.map((server) => ({
      name: `server-${server.id}`,
      status: "running",
      location: "fsn1",
      ipv4: `198.51.100.${server.id % 254 + 1}`,
      ipv6: `2001:db8:${(server.id % 0x10000).toString(16)}::/64`,
      ...server,
      privateNets: (server.privateNets ?? []).map((net) => ({ aliasIps: [], ...net })),
      locks: 0,
    })));
    this.floatingIps = byId(floatingIps.map((floatingIp) => ({
      name: `floating-${floatingIp.id}`,
      server: null,
      blocked: false,
      location: "fsn1",
      labels: {},
      ...floatingIp,
      locks: 0,
    })));
    this.networks = byId(
      networks.map((network) => ({ name: `network-${network.id}`, ...network })),
    );
    for (const { ip, server } of this.floatingIps.values()) {
      if (!isAddress(withoutLength(ip))) throw new TypeError(`${ip} is no address`);
      if (server !== null && !this.servers.has(server)) {
        throw new TypeError(`${ip} is at server ${server}, which is not in its project`);
      }
    }
    for (const { name, privateNets } of this.servers.values()) {
      for (const { network } of privateNets) {
        if (this.networks.has(network)) continue;
        throw new TypeError(`${name} is in network ${network}, which is not in its project`);
      }
    }
  }

  /** The floating address with this address, written in any way, with or without its `/64`. */
  floatingIp(ip: string): FloatingIp | undefined {
    const wanted = withoutLength(ip);
    return [...this.floatingIps.values()].find((one) => sameAddress(withoutLength(one.ip), wanted));
  }

  /** Whether an address lies in a network. */
  hasInNetwork(network: number, ip: string): boolean {
    const range = this.networks.get(network)?.ipRange;
    if (range === undefined || !isAddress(ip)) return false;
    const address = ipaddr.parse(ip);
    const [net, length] = ipaddr.parseCIDR(range);
    return address.kind() === net.kind() && address.match(net, length);
  }

  /** The server that has an address in a network, as its own or as an alias. */
  holderInNetwork(network: number, ip: string): Server | undefined {
    return [...this.servers.values()].find(({ privateNets }) =>
      privateNets.some((net) =>
        net.network === network && [net.ip, ...net.aliasIps].some((one) => sameAddress(one, ip))
      )
    );
  }
}

function byId<T extends { readonly id: number }>(resources: readonly T[]): Map<number, T> {
  return new Map(resources.map((resource) => [resource.id, resource]));
}

/** An address without the length of its subnet: `2001:db8::` of `2001:db8::/64`. */
function withoutLength(ip: string): string {
  return ip.replace(/\/\d+$/, "");
}
