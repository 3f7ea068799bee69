import { within } from "../base/within.ts";
import type { Config } from "../config/config.ts";
import { statsTable } from "../status/table.ts";
import { LastResort } from "./last_resort.ts";
import type { Log } from "./log.ts";
import type { RunningNode } from "./node.ts";

/** The signals that stop a node; SIGQUIT is among them since it stops uWSGI. */
export const stopSignals: readonly Deno.Signal[] = ["SIGTERM", "SIGINT", "SIGQUIT"];

/** How long a node may take to end, in milliseconds, where nobody who stops it waits for that. */
export interface LeaveLimits {
  /** After an error that nothing has handled, the time until hooks that still run are told to end. */
  readonly hooksMs: number;
  /** The time after that until the process ends as it is. */
  readonly farewellMs: number;
  /** For a restart, the time until the process ends as it is: a lord must be back soon. */
  readonly restartMs: number;
}

/** The usual limits: after an error 10 s in all, with the last lines of the log. */
const usualLimits: LeaveLimits = { hooksMs: 8_000, farewellMs: 1_000, restartMs: 1_000 };

/**
 * The reason why a node has ended: a signal stopped it, somebody asked for a restart, or a mistake
 * in the program, which is logged.
 */
export type NodeEnd = "stopped" | "restart" | "mistake";

/** The means to start and run a node until it ends. */
export interface RunOptions {
  /** Starts the node; called once no signal can end the process any more. */
  readonly start: () => Promise<RunningNode>;
  /** Takes the lines for the log. */
  readonly log: Log;
  /** Reads the configuration again; throws when it cannot be used. */
  readonly readConfig: () => Config;
  /** How long an end may take; by default 9 s after an error, 1 s for a restart. */
  readonly limits?: Partial<LeaveLimits>;
}

/**
 * Runs a node until SIGTERM, SIGINT or SIGQUIT has stopped it; a second one skips the death hooks.
 * At SIGHUP the configuration is read again, at SIGUSR1 the status is logged. Signals that come
 * while the node starts take effect once it has started.
 *
 * An error that nothing has handled ({@link LastResort}) makes the node leave as SIGTERM does,
 * within the limits.
 *
 * A restart that was asked for over the control socket ends it without a leave.
 *
 * @throws the errors of `start`
 */
export async function runUntilEnd(options: RunOptions): Promise<NodeEnd> {
  const { start, log, readConfig } = options;
  const limits = { ...usualLimits, ...options.limits };
  using lastResort = new LastResort(log);
  const { promise: started, resolve: hasStarted } = Promise.withResolvers<RunningNode>();
  const { promise: stopped, resolve: hasStopped } = Promise.withResolvers<void>();
  let stopping = false;
  const stop = () => {
    stopping = true;
    started.then((node) => node.stop()).catch(reportError).then(hasStopped);
  };
  const withNode = (act: (node: RunningNode) => void) => () => {
    started.then(act).catch(reportError);
  };
  using listeners = new SignalListeners();
  for (const signal of stopSignals) listeners.add(signal, stop);
  listeners.add("SIGHUP", withNode((node) => node.reload(readConfig)));
  listeners.add("SIGUSR1", withNode((node) => logStatus(node, log)));
  listeners.add("SIGUSR2", () => log("info", "SIGUSR2 is ignored: SIGUSR1 logs the status"));
  const node = await start();
  hasStarted(node);
  if (!stopping) node.ready();
  const restarted = node.restartAsked.then(async () => {
    await within(node.restart().catch(reportError), limits.restartMs);
    return "restart" as const;
  });
  const end = await Promise.race([
    stopped.then(() => "stopped" as const),
    restarted,
    lastResort.caught.then(() => "mistake" as const),
  ]);
  if (end === "restart" || !lastResort.hasCaught) return end;
  log("error", "this node takes leave, and ends");
  if (!stopping) stop();
  await within(stopped, limits.hooksMs);
  stop();
  await within(stopped, limits.farewellMs);
  return "mistake";
}

/** The listeners of signals, removed at the end of their scope. */
class SignalListeners implements Disposable {
  readonly #added: (readonly [Deno.Signal, () => void])[] = [];

  add(signal: Deno.Signal, react: () => void): void {
    // A listener that throws is never called again.
    const listener = () => {
      try {
        react();
      } catch (error) {
        reportError(error);
      }
    };
    Deno.addSignalListener(signal, listener);
    this.#added.push([signal, listener]);
  }

  [Symbol.dispose](): void {
    for (const [signal, listener] of this.#added) Deno.removeSignalListener(signal, listener);
  }
}

/** Logs the status in the form of `failover status`. */
function logStatus(node: RunningNode, log: Log): void {
  for (const line of statsTable(node.stats()).split("\n")) if (line !== "") log("info", line);
}
