import { isAddress, netAddress, sameAddress } from "../../base/ip_address.ts";
import type { Config } from "../../config/config.ts";
import { robotSettingsOf } from "../../hooks/hetzner_failoverip.ts";
import type { Provider } from "../../move/provider.ts";
import {
  addressesIn,
  type ConfiguredAddress,
  readConfiguration,
} from "../../node/configuration.ts";
import { robotProvider } from "../../robot/provider.ts";
import { failoverUrl } from "../../robot/url.ts";
import { defaultConfig } from "../default_config.ts";
import { credentials } from "./_credentials.ts";
import { overridden } from "./_robot_options.ts";
import type { ParsedOptions } from "../options.ts";
import { printErrorLine } from "../print.ts";
import { recallAddresses } from "../recall_addresses.ts";
import { UsageError } from "../usage_error.ts";

/** An address to move by hand, with its place in the configuration. */
export interface Target {
  /** The provider of the address, changed by the options of the command. */
  readonly provider: Provider;
  /** The configured address; undefined when the credentials came from elsewhere. */
  readonly configured?: ConfiguredAddress & { readonly config: Config };
}

/**
 * The address that `--ip` names: by the configuration's action for it, with any provider; or at the
 * Robot, with the credentials of `--user` or the environment.
 *
 * @throws UsageError, ConfigError; nothing has been sent then
 */
export async function targetOf(options: ParsedOptions): Promise<Target> {
  recallAddresses();
  const asked = options.value("ip");
  const ip = asked === undefined ? undefined : address("--ip", asked);
  const given = await credentials(options);
  if (given === undefined) {
    const config = readConfiguration(options.value("config") ?? defaultConfig);
    const found = find(config, ip);
    for (const warning of config.warnings) printErrorLine(`warning: ${warning}`);
    return { provider: asAsked(found, options), configured: { config, ...found } };
  }
  if (ip === undefined) throw new UsageError("which address? Right would be --ip 4.4.4.4");
  const timeoutMs = 60_000;
  const usual = { ip, url: failoverUrl(ip), timeoutMs, deadlineMs: 3 * timeoutMs };
  return { provider: robotProvider({ ...usual, ...given, ...overridden(options) }) };
}

/**
 * Checks an address that was given as an option, and returns it.
 *
 * @throws UsageError when the text is no IP address, or one of a subnet that is not its net address
 */
export function address(option: string, text: string): string {
  if (!isAddress(text)) throw new UsageError(`${option} takes an IP address, not ${text}`);
  const net = netAddress(text);
  if (sameAddress(text, net)) return text;
  throw new UsageError(
    `${option}: of an IPv6 subnet the net address is meant: right would be ${net}`,
  );
}

function find(config: Config, ip: string | undefined): ConfiguredAddress {
  const all = addressesIn(config);
  const known = [...new Set(all.map(({ address }) => address.ip))].join(", ");
  const there = known === ""
    ? `no hetzner-failoverip action is in ${config.file}`
    : `the addresses in ${config.file} are: ${known}`;
  if (ip === undefined) throw new UsageError(`which address? Right would be --ip; ${there}`);
  const fitting = all.filter(({ address }) => address.same(address.ip, ip));
  // The lord hook is the one that brings the address to this server; others may send it away.
  const found = fitting.find(({ event }) => event === "lord") ?? fitting[0];
  if (found === undefined) throw new UsageError(`no action is for ${ip}; ${there}`);
  return found;
}

/** The provider of a configured address, changed by the options of the command. */
function asAsked({ action, address }: ConfiguredAddress, options: ParsedOptions): Provider {
  const changed = overridden(options);
  const settings = robotSettingsOf(action);
  if (settings !== undefined) return robotProvider({ ...settings, ...changed });
  const { url, ca, ...times } = changed;
  if (url !== undefined || ca !== undefined) {
    throw new UsageError(`--url and --ca are for the Robot, and ${address.ip} is not moved by it`);
  }
  return { ...address, ...times };
}
