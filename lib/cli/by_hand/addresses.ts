import { printableAll } from "../../base/printable.ts";
import { addressesIn, readConfiguration } from "../../node/configuration.ts";
import { robotSettingsOf } from "../../hooks/hetzner_failoverip.ts";
import { MoveError } from "../../move/move_error.ts";
import { listFailovers, type RobotAccess } from "../../robot/client.ts";
import type { Failover } from "../../robot/failover.ts";
import { meaningOf } from "../../robot/meaning.ts";
import { failoverListUrl, failoverUrl } from "../../robot/url.ts";
import type { Command } from "../command.ts";
import { credentials } from "./_credentials.ts";
import { defaultConfig } from "../default_config.ts";
import { expectNothing, type ParsedOptions, parseOptions } from "../options.ts";
import { exitStatusOfError, robotExitHelp } from "./_outcome.ts";
import { printed, printErrorLine } from "../print.ts";
import { overridden, robotOptionsHelp } from "./_robot_options.ts";
import { UsageError } from "../usage_error.ts";

/** `failover addresses`: lists the failover addresses of an account. */
export const command: Command = {
  help: `failover addresses [OPTIONS]

Lists all failover addresses of the account, and where they point.

  --json                   the list as JSON
${robotOptionsHelp}
Examples:
  failover addresses
  failover addresses --user FOO --password-file - < /root/robot-password

${robotExitHelp}`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    const access = await accessOf(options);
    try {
      const failovers = await listFailovers(access);
      return printed(options.flag("json") ? `${JSON.stringify(failovers)}\n` : table(failovers));
    } catch (error) {
      if (!(error instanceof MoveError)) throw error;
      printErrorLine(`failover addresses: ${error.code}: ${error.message}`);
      return exitStatusOfError(meaningOf(error));
    }
  },
};

async function accessOf(options: ParsedOptions): Promise<RobotAccess & { readonly url: string }> {
  const given = await credentials(options);
  const usual = given === undefined
    ? configured(options)
    : { ...given, timeoutMs: 60_000, url: failoverUrl("0.0.0.0") };
  const access = { ...usual, ...overridden(options) };
  return { ...access, url: options.value("url") ?? failoverListUrl(access.url) };
}

function configured(options: ParsedOptions) {
  const config = readConfiguration(options.value("config") ?? defaultConfig);
  const [found] = addressesIn(config).flatMap(({ action }) => robotSettingsOf(action) ?? []);
  if (found === undefined) {
    throw new UsageError(`no hetzner-failoverip action is in ${config.file}: who is to ask?`);
  }
  for (const warning of config.warnings) printErrorLine(`warning: ${warning}`);
  return found;
}

function table(failovers: readonly Failover[]): string {
  if (failovers.length === 0) return "there are no failover addresses on this account\n";
  const rows = printableAll(failovers).map(({ ip, activeServerIp, serverIp = "", status = "" }) => [
    ip,
    activeServerIp ?? "nowhere",
    serverIp,
    status,
  ]);
  const all = [["ADDRESS", "POINTS TO", "SERVER", "STATUS"], ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row: string[]) => row.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd();
  return all.map((row) => `${line(row)}\n`).join("");
}
