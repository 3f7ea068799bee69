import { lightenAlarms } from "../base/alarm.ts";
import { systemClock } from "../base/clock.ts";
import { errorMessage } from "../base/error_message.ts";
import { logLevels } from "../base/log_level.ts";
import { reloadSources } from "../config/load.ts";
import { describeConfiguration, readConfiguration } from "../node/configuration.ts";
import { FailedStarts, failedStartsOf } from "../node/failed_starts.ts";
import { LineWriter } from "../node/line_writer.ts";
import { createLog, logFormatFor, logFormats } from "../node/log.ts";
import { readBoot } from "../node/memory/boot.ts";
import { directoriesOf } from "../node/memory/directories.ts";
import { startNode } from "../node/node.ts";
import { type NodeEnd, runUntilEnd, stopSignals } from "../node/signals.ts";
import { removeAddresses } from "../node/remove_addresses.ts";
import { isSupervised } from "../node/restart.ts";
import { Notifier, notifyVariables } from "../node/systemd.ts";
import { leaveChannel } from "./_channel.ts";
import type { Command } from "./command.ts";
import { defaultConfig } from "./default_config.ts";
import { exitStatus } from "./exit_status.ts";
import { hostsHere } from "./hosts_here.ts";
import { expectNothing, type ParsedOptions, parseOptions } from "./options.ts";
import { printed, printErrorLine } from "./print.ts";
import { bootRead } from "./self.ts";
import { trial } from "./_trial.ts";
import { outputColumns } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { version } from "./version.ts";

/** `failover node`: runs a node, or checks its configuration. */
export const command: Command = {
  help: `failover node [run] [OPTIONS]

Runs a node in the foreground until SIGTERM, SIGINT or SIGQUIT; then it runs its
death hooks and takes leave of the legion. A second signal makes it do without
the death hooks. At SIGHUP it reads its configuration anew; the log says what of
it needs a restart. At SIGUSR1 it logs its status.

  --config FILE[:SECTION]  the configuration (${defaultConfig}, section uwsgi)
  --check-config           show what the configuration says, and end
  --remove-addresses       remove what actions address: have left here, unless a
                           node runs, and end; for ExecStopPost= of systemd: all
                           stays after failover restart, while its lease lasts
  --name NAME              the name to announce (this machine's host name)
  --log-format ${logFormats.join("|")}
                           how a line of the log is written (journal under
                           systemd, else text)
  --log-level ${logLevels.join("|")}
                           the least that is logged (info)

The log goes to standard error, one line an event. Under systemd a line has no
time, which the journal adds, and begins with its priority: journalctl -u
failover -p warning shows what is amiss. In the form json a line is an object:
time, level, legion, message, and help, the topic of failover help.

Examples:
  failover node --check-config
  failover node --config /etc/failover.ini
  failover node --config failover.ini:server-1 --log-format json

Exit status: 0 stopped by a signal, the configuration is right, or nothing is
left; 1 an address cannot be listened on, or removed, or a mistake in this
program ended it (the log says which); 2 wrong usage or configuration, nothing
was done; 75 failover restart: to be started again. An address that is not on
this machine yet is waited for.
`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest[0] === "run" ? options.rest.slice(1) : options.rest);
    const format = oneOf(options, "log-format", logFormats) ??
      logFormatFor(surroundings.env, Deno.stderr.isTerminal());
    const level = oneOf(options, "log-level", logLevels) ?? "info";
    const name = options.value("name") ?? Deno.hostname();
    // Announcements carry the name, and must fit into a datagram.
    if (new TextEncoder().encode(name).length > 255) {
      throw new UsageError("--name takes at most 255 bytes");
    }
    const configFile = options.value("config") ?? defaultConfig;
    if (options.flag("check-config")) {
      return printed(
        describeConfiguration(readConfiguration(configFile), hostsHere(), outputColumns()),
      );
    }
    if (options.flag("remove-addresses")) return await removeLeft(configFile);
    lightenAlarms(startMs);
    // A child tells the boot while the configuration is read.
    const boot = readBoot(bootRead());
    const config = readConfiguration(configFile);
    const writer = new LineWriter(Deno.stderr);
    const log = createLog({ format, level, write: (line) => writer.write(line) });
    const directories = directoriesOf(surroundings);
    const next = {
      isSupervised: isSupervised(surroundings.env, Deno.stdin.isTerminal()),
      trial: () => trial(["node", ...args, "--check-config"]),
    };
    const failedStarts = new FailedStarts({
      file: failedStartsOf(config, surroundings),
      isSupervised: next.isSupervised,
      clock: systemClock,
      signals: stopSignals,
      tell: (message) => log("info", message),
    });
    const manager = serviceManager((message) => log("warn", message));
    try {
      const readConfig = () => readConfiguration(configFile, reloadSources);
      const start = async () => {
        const node = await startNode({
          config,
          readConfig,
          log,
          version,
          name,
          directories,
          boot,
          manager,
          next,
        });
        failedStarts.started();
        leaveChannel().catch(reportError);
        return node;
      };
      const end = await runUntilEnd({ start, log, readConfig });
      if (end === "stopped") failedStarts.forget();
      if (end === "mistake") await failedStarts.pause("a mistake in this program: see the log");
      return statuses[end];
    } catch (error) {
      const why = errorMessage(error);
      log("error", why);
      await failedStarts.pause(why);
      return exitStatus.failed;
    } finally {
      manager.close();
      await writer.flush();
    }
  },
};

async function removeLeft(configFile: string): Promise<number> {
  // systemd tells how the node has ended; its next process goes on with what is there.
  if (surroundings.env("EXIT_STATUS") === `${exitStatus.tryAgain}`) return exitStatus.done;
  const config = readConfiguration(configFile);
  const isDone = await removeAddresses(config, directoriesOf(surroundings), printErrorLine);
  return isDone ? exitStatus.done : exitStatus.failed;
}

// The time that counts as a start, in milliseconds.
const startMs = 2_000;

const surroundings = { env: (name: string) => Deno.env.get(name), uid: Deno.uid() };

/** For a restart the status is that of a failure, so that each supervisor starts the node again. */
const statuses: Readonly<Record<NodeEnd, number>> = {
  stopped: exitStatus.done,
  mistake: exitStatus.failed,
  restart: exitStatus.tryAgain,
};

/** The service manager; its variables are removed, since hooks must not pass for this process. */
function serviceManager(warn: (message: string) => void): Notifier {
  const notifier = new Notifier({ env: (name) => Deno.env.get(name), pid: Deno.pid, warn });
  for (const name of notifyVariables) Deno.env.delete(name);
  return notifier;
}

function oneOf<T extends string>(
  options: ParsedOptions,
  name: string,
  choices: readonly T[],
): T | undefined {
  const value = options.value(name);
  const choice = choices.find((choice) => choice === value);
  if (value !== undefined && choice === undefined) {
    throw new UsageError(`--${name} takes one of ${choices.join(", ")}, not ${value}`);
  }
  return choice;
}
