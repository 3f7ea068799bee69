import type { Config } from "./config.ts";
import { runtimeFolder, type Surroundings } from "./default_stats.ts";

/**
 * The path of the UNIX socket where a node takes orders (`failover drain`): that of the stats with
 * the extension `control`. Where the stats are at a TCP address, the socket is in the usual folder,
 * with the port in its name, since several nodes of one legion may run on one machine.
 * Undefined where there is no such folder.
 */
export function controlOf({ stats, legions }: Config, at: Surroundings): string | undefined {
  if (stats !== undefined && "path" in stats) {
    return `${stats.path.replace(/\.sock$/, "")}.control`;
  }
  const folder = runtimeFolder(at);
  if (folder === undefined) return undefined;
  const port = stats === undefined ? "" : `.${stats.address.port}`;
  return `${folder}/${encodeURIComponent(legions[0].name)}${port}.control`;
}
