import type { Config } from "../config/config.ts";
import type { RunningNode } from "./node.ts";

const stopSignals: readonly Deno.Signal[] = ["SIGTERM", "SIGINT"];

/**
 * Runs a node until SIGTERM or SIGINT has stopped it. A second one makes it do without its death
 * hooks. At SIGHUP it reads its configuration anew. The service manager is told that the node is
 * ready once no signal can end it any other way.
 *
 * @param readConfig throws when the configuration cannot be used
 */
export async function runUntilSignal(node: RunningNode, readConfig: () => Config): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  const stop = () => node.stop().then(stopped.resolve, stopped.reject);
  const hangUp = () => node.reload(readConfig);
  for (const signal of stopSignals) Deno.addSignalListener(signal, stop);
  Deno.addSignalListener("SIGHUP", hangUp);
  try {
    node.ready();
    await stopped.promise;
  } finally {
    for (const signal of stopSignals) Deno.removeSignalListener(signal, stop);
    Deno.removeSignalListener("SIGHUP", hangUp);
  }
}
