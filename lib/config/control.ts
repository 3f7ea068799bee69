import type { Config } from "./config.ts";
import { runtimeFolder, type Surroundings } from "./default_stats.ts";

/**
 * Where a node takes orders (`failover drain`): a UNIX socket beside that of the stats, or where it
 * would be, with the extension `control`. Where the stats are at a TCP address its port is part of
 * the name, since several nodes of one legion may run on one machine. Undefined where there is no
 * place.
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
