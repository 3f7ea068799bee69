import { apiTime } from "./_simulated_action.ts";
import type { FloatingIp, Network, Project, Server } from "./_simulated_project.ts";

/** The time when everything was made. */
const created = apiTime(Date.UTC(2026, 0, 1));

/** A floating address as a reply tells it. */
export function toldFloatingIp(floatingIp: FloatingIp): Record<string, unknown> {
  const { id, ip, name, server, blocked, location, labels } = floatingIp;
  return {
    id,
    name,
    description: "",
    ip,
    type: ip.includes(":") ? "ipv6" : "ipv4",
    server,
    dns_ptr: [],
    home_location: toldLocation(location),
    blocked,
    protection: { delete: false },
    labels,
    created,
  };
}

/** A server of a project as a reply tells it. */
export function toldServer(server: Server, project: Project): Record<string, unknown> {
  const { id, name, status, ipv4, ipv6, location, locks, privateNets } = server;
  const at = [...project.floatingIps.values()].filter((one) => one.server === id);
  const dc = toldLocation(location);
  return {
    id,
    name,
    status,
    created,
    public_net: {
      ipv4: ipv4 === null ? null : { id, ip: ipv4, blocked: false, dns_ptr: name },
      ipv6: ipv6 === null ? null : { id, ip: ipv6, blocked: false, dns_ptr: [] },
      floating_ips: at.map((floatingIp) => floatingIp.id),
      firewalls: [],
    },
    private_net: privateNets.map(({ network, ip, aliasIps }) => ({
      network,
      ip,
      alias_ips: aliasIps,
      mac_address: "86:00:ff:2a:7d:e1",
    })),
    server_type: serverType,
    datacenter: { id: 1, name: `${location}-dc1`, description: location, location: dc },
    location: dc,
    image: null,
    iso: null,
    rescue_enabled: false,
    locked: locks > 0,
    backup_window: null,
    outgoing_traffic: 0,
    ingoing_traffic: 0,
    included_traffic: 0,
    protection: { delete: false, rebuild: false },
    labels: {},
    volumes: [],
    load_balancers: [],
    primary_disk_size: 40,
    placement_group: null,
  };
}

/** A network of a project as a reply tells it. */
export function toldNetwork(
  { id, name, ipRange }: Network,
  project: Project,
): Record<string, unknown> {
  const attached = [...project.servers.values()].filter(({ privateNets }) =>
    privateNets.some(({ network }) => network === id)
  );
  return {
    id,
    name,
    ip_range: ipRange,
    subnets: [{
      type: "cloud",
      ip_range: ipRange,
      network_zone: "eu-central",
      gateway: ipRange.replace(/\d+\/\d+$/, "1"),
      vswitch_id: null,
    }],
    routes: [],
    servers: attached.map((server) => server.id),
    load_balancers: [],
    protection: { delete: false },
    labels: {},
    expose_routes_to_vswitch: false,
    created,
  };
}

const serverType = {
  id: 1,
  name: "cx22",
  description: "CX22",
  cores: 2,
  memory: 4,
  disk: 40,
  storage_type: "local",
  cpu_type: "shared",
  architecture: "x86",
  deprecated: false,
  prices: [],
};

function toldLocation(name: string): Record<string, unknown> {
  return {
    id: 1,
    name,
    description: name,
    country: "DE",
    city: name,
    latitude: 50.5,
    longitude: 12.4,
    network_zone: networkZone(name),
  };
}

/** The network zone of a location: a floating address can only be assigned within its own. */
export function networkZone(location: string): string {
  return zones[location] ?? "eu-central";
}

const zones: Readonly<Record<string, string>> = {
  ash: "us-east",
  hil: "us-west",
  sin: "ap-southeast",
};
