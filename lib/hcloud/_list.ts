import type { ListedAddress, Listing } from "../move/listing.ts";
import type { Asking } from "../move/provider.ts";
import { type CloudAccess, listFloatingIps, listServers } from "./client.ts";
import type { FloatingIp } from "./floating_ip.ts";
import type { Server } from "./server.ts";

/**
 * Lists the floating IPs of a project, and the alias IPs of its servers.
 *
 * @throws MoveError when no readable answer comes
 * @throws the signal's reason when it is aborted
 */
export async function listAddresses(access: CloudAccess, asking: Asking): Promise<Listing> {
  const { signal } = asking;
  const servers = await listServers(access, { signal });
  const floating = (await listFloatingIps(access, { signal })).map((one) => listed(one, servers));
  return { addresses: [...floating, ...servers.flatMap(aliasesOf)], unreadable: [] };
}

function listed(
  { id, ip, name, server, blocked, zone }: FloatingIp,
  servers: readonly Server[],
): ListedAddress {
  const at = servers.find((one) => one.id === server);
  return {
    ip,
    title: name === "" ? ip : `${ip} (${name})`,
    pointsTo: server === null ? null : `${server}`,
    where: server === null ? "nowhere" : at === undefined ? `${server}` : titleOf(at),
    home: "",
    fields: { id, name, server, server_name: at?.name ?? null, blocked, network_zone: zone },
  };
}

function aliasesOf(server: Server): ListedAddress[] {
  return server.privateNets.flatMap(({ network, aliasIps }) =>
    aliasIps.map((ip) => ({
      ip,
      title: `${ip} (alias in network ${network})`,
      pointsTo: `${server.id}`,
      where: titleOf(server),
      home: "",
      fields: { network, server: server.id, server_name: server.name },
    }))
  );
}

function titleOf({ id, name }: Server): string {
  return name === "" ? `${id}` : `${id} (${name})`;
}
