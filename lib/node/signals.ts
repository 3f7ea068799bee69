import type { Log } from "./log.ts";
import type { RunningNode } from "./node.ts";

const stopSignals: readonly Deno.Signal[] = ["SIGTERM", "SIGINT"];

/**
 * Runs a node until SIGTERM or SIGINT has stopped it. A second one makes it do without its death
 * hooks. SIGHUP is logged and ignored: a node that ended on it would give the address away.
 */
export async function runUntilSignal(node: RunningNode, log: Log): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  const stop = () => node.stop().then(stopped.resolve, stopped.reject);
  const hangUp = () => log("warn", "SIGHUP is ignored: restart the node to read its configuration");
  for (const signal of stopSignals) Deno.addSignalListener(signal, stop);
  Deno.addSignalListener("SIGHUP", hangUp);
  try {
    await stopped.promise;
  } finally {
    for (const signal of stopSignals) Deno.removeSignalListener(signal, stop);
    Deno.removeSignalListener("SIGHUP", hangUp);
  }
}
