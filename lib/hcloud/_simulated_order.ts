import { isAddress, sameAddress } from "../base/ip_address.ts";
import type { JsonReply } from "../move/simulator/reply.ts";
import { networkZone } from "./_simulated_documents.ts";
import { invalidField, notFound, refusal } from "./_simulated_error.ts";
import type { FloatingIp, Project, Server } from "./_simulated_project.ts";

/** The action that a request begins. */
export interface Order {
  /** The action's name, such as `assign_floating_ip`. */
  readonly command: string;
  /** The resource that is locked while it runs. */
  readonly locks: { locks: number };
  /** The resources that it concerns. */
  readonly resources: readonly { readonly id: number; readonly type: string }[];
  /** Changes the project, once the action succeeds. */
  readonly effect: () => void;
}

/**
 * The action that a request to a project begins, or the reply that refuses it; undefined: there is no
 * such request.
 */
export function order(
  project: Project,
  { what, id, body, refusesAssigned }: {
    /** The kind of resource and the order, such as `floating_ips assign`. */
    readonly what: string;
    /** The resource's id. */
    readonly id: string;
    readonly body: Record<string, unknown>;
    /** Whether an address that a server has is refused. */
    readonly refusesAssigned: boolean;
  },
): Order | JsonReply | undefined {
  switch (what) {
    case "floating_ips assign":
    case "floating_ips unassign": {
      const floatingIp = project.floatingIps.get(Number(id));
      if (floatingIp === undefined) return notFound("floating IP", id);
      return what === "floating_ips assign"
        ? assign(project, floatingIp, body.server, refusesAssigned)
        : unassign(floatingIp);
    }
    case "servers change_alias_ips": {
      const server = project.servers.get(Number(id));
      return server === undefined
        ? notFound("server", id)
        : changeAliasIps(project, server, body.network, body.alias_ips);
    }
  }
}

function assign(
  project: Project,
  floatingIp: FloatingIp,
  to: unknown,
  refusesAssigned: boolean,
): Order | JsonReply {
  if (typeof to !== "number") return invalidField("server", "must be the id of a server");
  const server = project.servers.get(to);
  if (server === undefined) return notFound("server", to);
  if (networkZone(server.location) !== networkZone(floatingIp.location)) {
    return invalidField("server", "is in another network zone than the floating IP");
  }
  const family = floatingIp.ip.includes(":") ? "ipv6" : "ipv4";
  if (server[family] === null) {
    return invalidField("server", `has no public ${family} address`);
  }
  if (floatingIp.locks > 0) return locked();
  if (refusesAssigned && floatingIp.server !== null) {
    return refusal("floating_ip_assigned", "the floating IP is already assigned");
  }
  return {
    command: "assign_floating_ip",
    locks: floatingIp,
    resources: [{ id: floatingIp.id, type: "floating_ip" }, { id: to, type: "server" }],
    // A server that was deleted meanwhile gets nothing.
    effect: () => floatingIp.server = project.servers.has(to) ? to : null,
  };
}

function unassign(floatingIp: FloatingIp): Order | JsonReply {
  if (floatingIp.locks > 0) return locked();
  if (floatingIp.server === null) {
    return refusal("service_error", "Floating IP is not assigned", null, 422);
  }
  return {
    command: "unassign_floating_ip",
    locks: floatingIp,
    resources: [{ id: floatingIp.id, type: "floating_ip" }],
    effect: () => floatingIp.server = null,
  };
}

function changeAliasIps(
  project: Project,
  server: Server,
  network: unknown,
  wanted: unknown,
): Order | JsonReply {
  if (typeof network !== "number") return invalidField("network", "must be the id of a network");
  if (!Array.isArray(wanted) || !wanted.every((ip) => typeof ip === "string" && isAddress(ip))) {
    return invalidField("alias_ips", "must be a list of addresses");
  }
  const net = server.privateNets.find((one) => one.network === network);
  if (net === undefined) {
    return invalidField("network", "the server is not attached to this network");
  }
  if (server.locks > 0) return locked();
  for (const ip of wanted) {
    if (!project.hasInNetwork(network, ip)) {
      return invalidField("alias_ips", `${ip} is not in the network`);
    }
    const holder = project.holderInNetwork(network, ip);
    if (sameAddress(ip, net.ip) || (holder !== undefined && holder !== server)) {
      return refusal("ip_not_available", `the IP ${ip} is not available`);
    }
  }
  return {
    command: "change_alias_ips",
    locks: server,
    resources: [{ id: server.id, type: "server" }, { id: network, type: "network" }],
    effect: () => net.aliasIps = wanted,
  };
}

function locked(): JsonReply {
  const told = "the item you are trying to access is locked (there is already an action running)";
  return refusal("locked", told);
}
