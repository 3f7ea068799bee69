import { printableAll } from "../../base/printable.ts";
import { addressOf } from "../../hooks/registry.ts";
import type { ListedAddress } from "../../move/listing.ts";
import { MoveError } from "../../move/move_error.ts";
import type { Provider } from "../../move/provider.ts";
import { addressesIn, readConfiguration, upheldIn } from "../../node/configuration.ts";
import type { Action } from "../../base/action_kind.ts";
import type { Config } from "../../config/config.ts";
import { localStats } from "./_local_node.ts";
import type { Command } from "../command.ts";
import { credentials, credentialsConfig } from "./_credentials.ts";
import { exitStatus } from "../exit_status.ts";
import { givenAction } from "./_given_action.ts";
import { expectNothing, type ParsedOptions, parseOptions } from "../options.ts";
import { exitStatusOfError, providerExitHelp } from "./_outcome.ts";
import { printed, printErrorLine } from "../print.ts";
import { recallAddresses } from "../recall_addresses.ts";
import { changedSettings, checkUrlFor, providerOptionsHelp } from "./_provider_options.ts";
import { noneIn } from "./_target.ts";

/** The answer of an account: its addresses; or the exit status where it did not answer. */
type Answer = { readonly addresses: readonly Owned[] } | { readonly code: number };

/** A listed address, and who has told of it. */
interface Owned extends ListedAddress {
  readonly provider: Pick<Provider, "name" | "user" | "title">;
}

/** The most entries that cannot be read of which each has a warning. */
const mostUnreadable = 10;

/** `failover addresses`: lists the failover addresses of the accounts. */
export const command: Command = {
  help: `failover addresses [OPTIONS]

Lists all failover addresses of the account, or of all accounts in the
configuration, and where they point: one request for each account, in the Cloud
one for each page of its floating IPs and servers. Of an action address: the
node here tells which server has it.

  --json                   the list as JSON
${providerOptionsHelp}
Examples:
  failover addresses
  failover addresses --json | jq -r '.[] | select(.active_server_ip == null).ip'
  failover addresses --user FOO --password-file - < /root/robot-password

${providerExitHelp}`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    recallAddresses();
    const { url } = changedSettings(options);
    const spec = await credentialsConfig(options);
    const config = spec === undefined ? undefined : configured(spec);
    const actions = config === undefined
      ? [givenAction(await credentials(options), "0.0.0.0")]
      : addressesIn(config).map(({ action }) => action);
    const answers: Answer[] = [];
    // Several wrong logins at once would make a provider block this machine.
    for (const provider of providersOf(actions, options)) answers.push(await list(provider, url));
    if (config !== undefined && upheldIn(config).length > 0) answers.push(await listUpheld(config));
    const failed = answers.flatMap((answer) => "code" in answer ? answer.code : []);
    const addresses = answers.flatMap((answer) => "code" in answer ? [] : answer.addresses);
    const code = failed.length === 0
      ? exitStatus.done
      : failed.includes(exitStatus.failed)
      ? exitStatus.failed
      : exitStatus.tryAgain;
    if (failed.length === answers.length) return code;
    const accounts = answers.length;
    const text = options.flag("json")
      ? `${JSON.stringify(addresses.map(toJson))}\n`
      : table(addresses, accounts);
    return Math.max(code, printed(text));
  },
};

/** Asks for an account's list; prints why entries, or all of it, cannot be read. */
async function list(provider: Provider, url: string | undefined): Promise<Answer> {
  const user = nameOf(provider);
  try {
    const { addresses, unreadable } = await provider.list({}, url);
    for (const text of unreadable.slice(0, mostUnreadable)) {
      printErrorLine(`warning: an address of ${user} cannot be read: ${text}`);
    }
    const more = unreadable.length - mostUnreadable;
    if (more > 0) printErrorLine(`warning: nor can ${more} more of ${user}`);
    return { addresses: addresses.map((address) => ({ ...address, provider })) };
  } catch (error) {
    if (!(error instanceof MoveError)) throw error;
    printErrorLine(`failover addresses: ${user}: ${error.code}: ${error.message}`);
    return { code: exitStatusOfError(provider.meaning(error)) };
  }
}

/** The name of an account for people. */
function nameOf({ user, title }: Pick<Provider, "user" | "title">): string {
  return user === "" ? `the ${title}` : user;
}

/** Asks the node here which servers have the addresses that are on devices of these. */
async function listUpheld(config: Config): Promise<Answer> {
  const stats = await localStats(config);
  const known = stats?.legions.flatMap(({ addresses }) => addresses) ?? [];
  const told = upheldIn(config).flatMap((ip) => known.filter((one) => one.ip === ip));
  if (stats === undefined) {
    const ips = upheldIn(config).join(", ");
    printErrorLine(`failover addresses: no node here answers: which server has ${ips}?`);
    return { code: exitStatus.tryAgain };
  }
  const addresses = told.map(({ ip, provider: name, points_to: to, seen }): Owned => {
    const where = seen === 0 ? "not seen yet" : to ?? "nowhere";
    const provider = { name, user: "", title: "legion" };
    return { ip, title: ip, pointsTo: to, where, home: "", fields: {}, provider };
  });
  return { addresses };
}

/** A provider for each of the accounts to ask. */
function providersOf(actions: readonly Action[], options: ParsedOptions): Provider[] {
  const changed = changedSettings(options);
  const all = actions.map((action) => {
    checkUrlFor(action, changed);
    return addressOf(action, changed)!;
  });
  const listed = ({ account, ip, listsItself }: Provider) =>
    listsItself ? JSON.stringify([account, ip]) : account;
  const first = new Map(all.toReversed().map((provider) => [listed(provider), provider]));
  return [...first.values()].reverse();
}

function configured(spec: string): Config {
  const config = readConfiguration(spec);
  if (addressesIn(config).length + upheldIn(config).length === 0) throw noneIn(config);
  for (const warning of config.warnings) printErrorLine(`warning: ${warning}`);
  return config;
}

/** An address as JSON: by the API's names, and by those of `failover status`. */
function toJson({ ip, provider, fields, pointsTo, status }: Owned): Record<string, unknown> {
  const { name, user } = provider;
  const points = { points_to: pointsTo, active_server_ip: pointsTo };
  return { ip, provider: name, user: user || undefined, ...fields, ...points, status };
}

function table(addresses: readonly Owned[], accounts: number): string {
  if (addresses.length === 0) {
    return `there are no failover addresses on ${
      accounts === 1 ? "this account" : "these accounts"
    }\n`;
  }
  const rows = addresses.map(({ title, where, home, status = "", provider }) =>
    printableAll([title, where, home, status, nameOf(provider)])
  );
  const all = [["ADDRESS", "POINTS TO", "SERVER", "STATUS", "USER"], ...rows]
    .map((row) => accounts === 1 ? row.slice(0, -1) : row);
  const widths = all[0].map((_, column) =>
    all.reduce((most, row) => Math.max(most, row[column].length), 0)
  );
  const line = (row: string[]) => row.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd();
  return all.map((row) => `${line(row)}\n`).join("");
}
