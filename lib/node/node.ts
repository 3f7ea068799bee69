import { errorMessage } from "../base/error_message.ts";
import { within } from "../base/within.ts";
import { normalAddress } from "../config/address.ts";
import type { Config, LegionConfig } from "../config/config.ts";
import { systemSources } from "../config/load.ts";
import { reload } from "../config/reload.ts";
import { AccountGuard } from "../move/account_guard.ts";
import { verifiedAddresses } from "../move/known_addresses.ts";
import type { Stats } from "../status/report.ts";
import { systemClock } from "../base/clock.ts";
import { secondsOf } from "../base/seconds_of.ts";
import { obey, whyNotMeant } from "./control.ts";
import type { ControlReply, ControlRequest } from "./control_message.ts";
import { LegionRunner } from "./legion_runner.ts";
import type { Log } from "./log.ts";
import { type Boot, readBoot } from "./memory/boot.ts";
import type { Directories } from "./memory/directories.ts";
import { type Memory, noMemory } from "./memory/memory.ts";
import { keepNames, recallNames } from "./memory/names_file.ts";
import { openMemory } from "./memory/open_memory.ts";
import { openSockets, type Sockets } from "./own_sockets.ts";
import { type NextProcess, whyNoRestart } from "./restart.ts";
import type { Notifier } from "./systemd.ts";
import { BindError, openUdp } from "./transport.ts";
import { keepWatch } from "./watchdog.ts";

/** The configuration of a node, and the means to run it. */
export interface NodeOptions {
  /** The configuration. */
  readonly config: Config;
  /** Reads the configuration again, before a login is tried again; by default it stays. */
  readonly readConfig?: () => Config;
  /** Takes the lines for the log. */
  readonly log: Log;
  /** The version of this program, for the stats. */
  readonly version: string;
  /** The host name to announce. */
  readonly name: string;
  /**
   * The folders where the node remembers for its next process, and has the sockets by which commands
   * find it; undefined: it remembers nothing, and has none.
   */
  readonly directories?: Directories;
  /** The machine and its boot; by default they are read. */
  readonly boot?: Promise<Boot>;
  /** The service manager, which is told the state of the node. */
  readonly manager: Notifier;
  /** The things known of the next process; by default nothing would start it. */
  readonly next?: NextProcess;
}

/** The longest wait for a look that was asked for, in milliseconds: who asks waits for 5 s. */
const lookMs = 4_000;

/** The same for a login that is tried again, for which one waits for 25 s. */
const retryMs = 20_000;

/** A running node: all its legions and its sockets. */
export interface RunningNode {
  /** Tells the service manager that the node is ready, and from then on that it is well. */
  ready(): void;
  /**
   * Reads the configuration again and puts in force all changes that need no restart; the log tells
   * of them, and of those that need one. When the configuration cannot be read, everything stays.
   *
   * @param read reads the configuration; throws where it cannot be used
   */
  reload(read: () => Config): void;
  /** The status of the node. */
  stats(): Stats;
  /**
   * Leaves all legions and closes everything; resolves when that is done. A second call skips the
   * death hooks.
   */
  stop(): Promise<void>;
  /** Resolves when a restart has been asked for, and speaks nothing against it. */
  readonly restartAsked: Promise<void>;
  /**
   * Closes everything without leaving the legions, so that the next process goes on as this node;
   * resolves when that is done. Does nothing else where the node leaves them already.
   */
  restart(): Promise<void>;
}

const noNextProcess: NextProcess = { isSupervised: false, trial: () => Promise.resolve(undefined) };

/**
 * Starts a node. All sockets are bound before anything else is done.
 *
 * @throws BindError when an address cannot be listened on; then nothing is left running
 */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { config, log, manager, readConfig, next = noNextProcess } = options;
  const { promise: restartAsked, resolve: askForRestart } = Promise.withResolvers<void>();
  let ended: Promise<void> | undefined;
  const remember = memories(options);
  for (const warning of config.warnings) log("warn", warning);
  if (config.passedOver.length > 0) {
    log("info", `options passed over, they only concern uWSGI: ${config.passedOver.join(", ")}`);
  }
  rememberNames(options);
  const guard = new AccountGuard();
  const runners: LegionRunner[] = [];
  let notReadAnew = "";
  const report = reporter(runners, options, () => notReadAnew);
  let sockets: Sockets | undefined;
  try {
    for (const legion of config.legions) {
      runners.push(await bindLegion(legion, { ...options, guard, remember, changed: tellStatus }));
    }
    sockets = await openSockets({ ...options, report, obey: obeyAll, replied });
  } catch (error) {
    await Promise.all(runners.map((runner) => runner.close()));
    throw error;
  }
  for (const runner of runners) runner.start();
  let running = config;
  let endWatch = () => {};
  return {
    ready() {
      manager.ready();
      endWatch = keepWatch({
        watchdogMs: manager.watchdogMs,
        clock: systemClock,
        overdueMs: () => Math.max(...runners.map(({ overdueMs }) => overdueMs)),
        feed: () => manager.watchdog(),
        warn: (message) => log("error", message),
      });
    },
    reload(read) {
      applyAnew(read).catch(reportError);
    },
    stats: report,
    stop: () => end((runner) => runner.stop()),
    restartAsked,
    restart: () => end((runner) => runner.halt()),
  };

  async function end(endOne: (runner: LegionRunner) => Promise<void>): Promise<void> {
    if (ended === undefined) manager.stopping();
    // A legion that cannot be left does not keep the others from leaving.
    const left = Promise.allSettled(runners.map(endOne));
    await (ended ??= closeAfter(left));
    for (const outcome of await left) if (outcome.status === "rejected") throw outcome.reason;
  }

  async function closeAfter(left: Promise<unknown>): Promise<void> {
    await left;
    endWatch();
    await sockets?.close();
  }

  /** Reads the configuration anew; resolves when the looks that this asks for have ended. */
  async function applyAnew(read: () => Config): Promise<void> {
    if (ended !== undefined) return;
    manager.reloading();
    ({ config: running, mistake: notReadAnew } = reloaded(running, read, log));
    const looks = runners.map((runner, index) => runner.reconfigure(running.legions[index]));
    manager.ready();
    await Promise.all(looks);
  }

  async function obeyAll(request: ControlRequest): Promise<ControlReply> {
    const stranger = whyNotMeant(request, runners);
    if (stranger !== undefined) return { ok: false, error: stranger };
    if (request.do === "restart") {
      const why = request.force ? undefined : await whyNoRestart(next, runners);
      const error = ended === undefined ? why : "the node is stopping";
      if (error !== undefined) return { ok: false, error };
    }
    if (request.do === "retry" && runners.some(({ hasTrouble }) => hasTrouble)) {
      log("info", `what failed is tried again, asked for by ${request.by}`);
      await within(applyAnew(readConfig ?? (() => running)), retryMs);
    }
    const reply = obey(request, runners, report);
    const { ip, pointsTo } = request;
    if (!reply.ok || ip === undefined) return reply;
    // A look that takes longer goes on without the one who asked for it.
    await within(Promise.all(runners.map((runner) => runner.look(ip, pointsTo))), lookMs);
    return { ok: true, stats: report() };
  }

  function replied(request: ControlRequest): void {
    if (request.do !== "restart") return;
    log("info", `restart asked for by ${request.by}`);
    askForRestart();
  }

  function tellStatus(): void {
    const standings = runners.map(({ standing }) => standing).filter((standing) => standing !== "");
    manager.status(standings.join("; "));
  }
}

/** A configuration in force, and the mistake for which no newer one is; empty: there is none. */
interface InForce {
  readonly config: Config;
  readonly mistake: string;
}

/** The configuration in force after a reload; the log tells of the changes, or of the failure. */
function reloaded(running: Config, read: () => Config, log: Log): InForce {
  try {
    const found = read();
    const { config, changed, needsRestart } = reload(running, found);
    for (const warning of found.warnings) log("warn", warning);
    for (const sentence of needsRestart) log("warn", sentence);
    log("info", `${config.files.join(", ")} read anew: ${changed.join("; ") || "nothing changes"}`);
    return { config, mistake: "" };
  } catch (error) {
    const lines = errorMessage(error).split("\n");
    for (const line of lines) log("error", `not read anew: ${line}`);
    log("error", "the configuration cannot be read anew: everything stays as it was");
    const more = lines.length > 1 ? ` (and ${lines.length - 1} more)` : "";
    return { config: running, mistake: lines[0] + more };
  }
}

/** The node's options, and the means that its legions share. */
interface LegionMeans extends NodeOptions {
  readonly guard: AccountGuard;
  readonly remember: (config: LegionConfig) => Promise<Memory>;
  readonly changed: () => void;
}

async function bindLegion(config: LegionConfig, means: LegionMeans): Promise<LegionRunner> {
  const { log, name, version, guard, remember, changed } = means;
  let memory: Memory | undefined;
  try {
    memory = await remember(config);
    return await LegionRunner.bind({
      config,
      name,
      pid: Deno.pid,
      version,
      clock: systemClock,
      log,
      guard,
      changed,
      memory,
      open: openUdp,
      localHosts: systemSources.localHosts,
    });
  } catch (error) {
    memory?.close();
    throw located(error, `${config.file}:${config.line}: legion ${config.name}`);
  }
}

/** The function that opens the memory of a legion. */
function memories(options: NodeOptions): (config: LegionConfig) => Promise<Memory> {
  const { directories, log } = options;
  if (directories === undefined) return () => Promise.resolve(noMemory);
  const { boot = readBoot() } = options;
  return ({ name, address, toleranceMs }) =>
    openMemory({
      legion: name,
      address: normalAddress(address),
      directories,
      clock: systemClock,
      toleranceMs,
      log: (level, message) => log(level, message, name),
      boot,
    });
}

/** Remembers where the providers were last found, also for the next process. */
function rememberNames({ directories, log }: NodeOptions): void {
  const { state } = directories ?? {};
  if (state === undefined) return;
  const why = recallNames(verifiedAddresses, state);
  if (why !== undefined) log("warn", why);
  keepNames(verifiedAddresses, state, (why) => log("warn", why));
}

/** The function that reports the status of the node. */
function reporter(
  runners: readonly LegionRunner[],
  { version, name }: NodeOptions,
  notReadAnew: () => string,
): () => Stats {
  const begun = performance.now();
  return () => ({
    version,
    pid: Deno.pid,
    legions: runners.map((runner) => runner.stats()),
    name,
    uptime_seconds: secondsOf(performance.now() - begun),
    not_read_anew: notReadAnew(),
  });
}

function located(error: unknown, place: string): unknown {
  return error instanceof BindError ? new BindError(`${place}: ${error.message}`) : error;
}
