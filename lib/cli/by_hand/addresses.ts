import { printableAll } from "../../base/printable.ts";
import { robotSettingsOf } from "../../hooks/hetzner_failoverip.ts";
import { MoveError } from "../../move/move_error.ts";
import { addressesIn, readConfiguration } from "../../node/configuration.ts";
import { listFailovers, type RobotAccess } from "../../robot/client.ts";
import type { Failover } from "../../robot/failover.ts";
import { meaningOf } from "../../robot/meaning.ts";
import { accountOf } from "../../robot/provider.ts";
import { failoverListUrl, failoverUrl } from "../../robot/url.ts";
import type { Command } from "../command.ts";
import { credentials } from "./_credentials.ts";
import { defaultConfig } from "../default_config.ts";
import { exitStatus } from "../exit_status.ts";
import { expectNothing, type ParsedOptions, parseOptions } from "../options.ts";
import { exitStatusOfError, robotExitHelp } from "./_outcome.ts";
import { printed, printErrorLine } from "../print.ts";
import { overridden, robotOptionsHelp } from "./_robot_options.ts";
import { recallAddresses } from "../recall_addresses.ts";
import { UsageError } from "../usage_error.ts";

/** Access to the list of an account's addresses. */
type ListAccess = RobotAccess & { readonly url: string };

/** The answer of an account: its addresses; or the exit status where it did not answer. */
type Listed = { readonly failovers: readonly Owned[] } | { readonly code: number };

/** A failover address, and the user of the account that it is on. */
interface Owned extends Failover {
  readonly user: string;
}

/** The most entries that cannot be read of which each has a warning. */
const mostUnreadable = 10;

/** `failover addresses`: lists the failover addresses of the accounts. */
export const command: Command = {
  help: `failover addresses [OPTIONS]

Lists all failover addresses of the account, or of all accounts in the configuration, and where they
point: one request for each account.

  --json                   the list as JSON
${robotOptionsHelp}
Examples:
  failover addresses
  failover addresses --json | jq -r '.[] | select(.active_server_ip == null) | .ip'
  failover addresses --user FOO --password-file - < /root/robot-password

${robotExitHelp}`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    recallAddresses();
    const answers: Listed[] = [];
    // Several wrong logins at once would make the Robot block this machine.
    for (const access of await accessesOf(options)) answers.push(await list(access));
    const failed = answers.flatMap((answer) => "code" in answer ? answer.code : []);
    const failovers = answers.flatMap((answer) => "code" in answer ? [] : answer.failovers);
    const code = failed.length === 0
      ? exitStatus.done
      : failed.includes(exitStatus.failed)
      ? exitStatus.failed
      : exitStatus.tryAgain;
    if (failed.length === answers.length) return code;
    const accounts = answers.length;
    const text = options.flag("json")
      ? `${JSON.stringify(failovers.map(toJson))}\n`
      : table(failovers, accounts);
    return Math.max(code, printed(text));
  },
};

/** Asks for an account's list; prints why entries, or all of it, cannot be read. */
async function list(access: ListAccess): Promise<Listed> {
  const user = access.username;
  try {
    const { failovers, unreadable } = await listFailovers(access);
    for (const text of unreadable.slice(0, mostUnreadable)) {
      printErrorLine(`warning: an address of ${user} cannot be read: ${text}`);
    }
    const more = unreadable.length - mostUnreadable;
    if (more > 0) printErrorLine(`warning: nor can ${more} more of ${user}`);
    return { failovers: failovers.map((failover) => ({ ...failover, user })) };
  } catch (error) {
    if (!(error instanceof MoveError)) throw error;
    printErrorLine(`failover addresses: ${user}: ${error.code}: ${error.message}`);
    return { code: exitStatusOfError(meaningOf(error)) };
  }
}

/** The accounts to ask, each once. */
async function accessesOf(options: ParsedOptions): Promise<ListAccess[]> {
  const given = await credentials(options);
  const all = given === undefined
    ? configured(options)
    : [{ ...given, timeoutMs: 60_000, url: failoverUrl("0.0.0.0") }];
  const changed = overridden(options);
  const accesses = all.map((one) => {
    const access = { ...one, ...changed };
    return { ...access, url: changed.url ?? failoverListUrl(access.url) };
  });
  const first = new Map(accesses.toReversed().map((access) => [accountOf(access), access]));
  return [...first.values()].reverse();
}

function configured(options: ParsedOptions) {
  const config = readConfiguration(options.value("config") ?? defaultConfig);
  const found = addressesIn(config).flatMap(({ action }) => robotSettingsOf(action) ?? []);
  if (found.length === 0) {
    throw new UsageError(`no hetzner-failoverip action is in ${config.file}: who is to ask?`);
  }
  for (const warning of config.warnings) printErrorLine(`warning: ${warning}`);
  return found;
}

/** An address as JSON: by the API's names, and by those of `failover status`. */
function toJson(failover: Owned): Record<string, unknown> {
  const { ip, user, netmask, serverIp, serverIpv6Net, serverNumber, activeServerIp, status } =
    failover;
  return {
    ip,
    provider: "hetzner-robot",
    user,
    netmask,
    server_ip: serverIp,
    server_ipv6_net: serverIpv6Net,
    server_number: serverNumber,
    points_to: activeServerIp,
    active_server_ip: activeServerIp,
    status,
  };
}

function table(failovers: readonly Owned[], accounts: number): string {
  if (failovers.length === 0) {
    return `there are no failover addresses on ${
      accounts === 1 ? "this account" : "these accounts"
    }\n`;
  }
  const rows = printableAll(failovers).map((failover) => {
    const { ip, activeServerIp, serverIp = "", serverIpv6Net, status = "", user } = failover;
    const server = ip.includes(":") ? serverIpv6Net ?? serverIp : serverIp;
    return [ip, activeServerIp ?? "nowhere", server, status, user];
  });
  const all = [["ADDRESS", "POINTS TO", "SERVER", "STATUS", "USER"], ...rows]
    .map((row) => accounts === 1 ? row.slice(0, -1) : row);
  const widths = all[0].map((_, column) =>
    all.reduce((most, row) => Math.max(most, row[column].length), 0)
  );
  const line = (row: string[]) => row.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd();
  return all.map((row) => `${line(row)}\n`).join("");
}
