import { dirname } from "node:path";
import { formatAddress } from "../config/address.ts";
import type { Config, StatsAddress } from "../config/config.ts";
import { statsOf } from "../config/default_stats.ts";
import { AccountGuard } from "../robot/account_guard.ts";
import { serveStats, type StatsServer } from "../status/server.ts";
import { systemClock } from "./clock.ts";
import { LegionRunner } from "./legion_runner.ts";
import type { Log } from "./log.ts";
import { BindError, openUdp } from "./transport.ts";

/** What a node is run with. */
export interface NodeOptions {
  readonly config: Config;
  readonly log: Log;
  /** Of this program, for the stats. */
  readonly version: string;
  /** The host name to announce. */
  readonly name: string;
}

/** A running node: all its legions and its stats socket. */
export interface RunningNode {
  /**
   * Leaves all legions and closes everything; resolves when that is done. A second call does
   * without the death hooks.
   */
  stop(): Promise<void>;
}

/**
 * Starts a node. Everything is bound before anything else is done.
 *
 * @throws BindError when an address cannot be listened on; then nothing is left running
 */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { config, log } = options;
  for (const warning of config.warnings) log("warn", warning);
  if (config.passedOver.length > 0) {
    log("info", `options passed over, they only concern uWSGI: ${config.passedOver.join(", ")}`);
  }
  const guard = new AccountGuard();
  const runners: LegionRunner[] = [];
  let stats: StatsServer | undefined;
  try {
    for (const legion of config.legions) runners.push(await bindLegion(legion, guard, options));
    stats = await bindStats(runners, options);
  } catch (error) {
    await Promise.all(runners.map((runner) => runner.close()));
    throw error;
  }
  for (const runner of runners) runner.start();
  let ended: Promise<void> | undefined;
  return {
    stop() {
      const left = Promise.all(runners.map((runner) => runner.stop()));
      return ended ??= left.then(() => stats?.close());
    },
  };
}

async function bindLegion(
  config: Config["legions"][number],
  guard: AccountGuard,
  { log, name }: NodeOptions,
) {
  try {
    return await LegionRunner.bind({
      config,
      name,
      pid: Deno.pid,
      clock: systemClock,
      log,
      guard,
      open: openUdp,
    });
  } catch (error) {
    throw located(error, `${config.file}:${config.line}: legion ${config.name}`);
  }
}

async function bindStats(runners: LegionRunner[], { config, version, name, log }: NodeOptions) {
  const listen = statsOf(config, { env: (name) => Deno.env.get(name), uid: Deno.uid() });
  if (listen === undefined) return undefined;
  const begun = performance.now();
  const report = () => ({
    version,
    pid: Deno.pid,
    legions: runners.map((runner) => runner.stats()),
    name,
    uptime_seconds: (performance.now() - begun) / 1000,
  });
  try {
    if (config.stats === undefined) await makeFolderOf(listen);
    const server = await serveStats({ listen, http: config.statsHttp, report });
    const local = "path" in listen || /^(127\.|::1$)/.test(listen.address.host);
    log(local ? "info" : "warn", `stats at ${server.at}${local ? "" : ", for all who reach it"}`);
    return server;
  } catch (error) {
    const at = "path" in listen ? listen.path : formatAddress(listen.address);
    const reason = `cannot listen on ${at}: ${error instanceof Error ? error.message : error}`;
    if (config.stats !== undefined) throw new BindError(`${config.file}: stats: ${reason}`);
    // Nobody has asked for this socket: a legion is worth more than its status.
    log("warn", `there is no status to be had: ${reason}`);
    return undefined;
  }
}

async function makeFolderOf(listen: StatsAddress): Promise<void> {
  if ("path" in listen) await Deno.mkdir(dirname(listen.path), { recursive: true, mode: 0o755 });
}

function located(error: unknown, place: string): unknown {
  return error instanceof BindError ? new BindError(`${place}: ${error.message}`) : error;
}
