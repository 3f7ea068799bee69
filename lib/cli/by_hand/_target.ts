import { isAddress, isNetAddress, netAddress, sameAddress } from "../../base/ip_address.ts";
import type { Config } from "../../config/config.ts";
import { addressOf } from "../../hooks/registry.ts";
import type { Provider } from "../../move/provider.ts";
import {
  addressesIn,
  type ConfiguredAddress,
  readConfiguration,
  upheldIn,
} from "../../node/configuration.ts";
import { credentials, credentialsConfig } from "./_credentials.ts";
import { givenAction } from "./_given_action.ts";
import type { ParsedOptions } from "../options.ts";
import { printErrorLine } from "../print.ts";
import { recallAddresses } from "../recall_addresses.ts";
import { changedSettings, checkUrlFor } from "./_provider_options.ts";
import { UsageError } from "../usage_error.ts";

/** An address to move by hand, with its place in the configuration. */
export interface Target {
  /** The provider of the address, changed by the options of the command. */
  readonly provider: Provider;
  /** The configured address; undefined when the credentials came from elsewhere. */
  readonly configured?: ConfiguredAddress & { readonly config: Config };
}

/**
 * The address that `--ip` names: by the configuration's action for it, with any provider; or with the
 * credentials of the command line or the environment.
 *
 * @throws UsageError, ConfigError; nothing has been sent then
 */
export async function targetOf(options: ParsedOptions): Promise<Target> {
  recallAddresses();
  const ip = options.value("ip");
  const changed = changedSettings(options);
  const spec = await credentialsConfig(options);
  if (spec !== undefined) {
    const config = readConfiguration(spec);
    const found = find(config, ip);
    checkUrlFor(found.action, changed);
    for (const warning of config.warnings) printErrorLine(`warning: ${warning}`);
    const provider = addressOf(found.action, changed)!;
    return { provider, configured: { config, ...found } };
  }
  if (ip === undefined) throw new UsageError("which address? Right would be --ip 4.4.4.4");
  const given = await credentials(options);
  if ("username" in given) checkAddress(ip);
  const action = givenAction(given, ip);
  checkUrlFor(action, changed);
  return { provider: addressOf(action, changed)! };
}

/** @throws UsageError when a text is no IP address, or one of a subnet that is not its net address */
function checkAddress(text: string): void {
  if (!isAddress(text)) throw new UsageError(`--ip takes an IP address, not ${text}`);
  if (!text.includes(":") || isNetAddress(text)) return;
  throw new UsageError(
    `--ip: of an IPv6 subnet the net address is meant: right would be ${netAddress(text)}`,
  );
}

function find(config: Config, ip: string | undefined): ConfiguredAddress {
  const all = addressesIn(config);
  const fitting = all.filter(({ address }) => ip !== undefined && address.same(address.ip, ip));
  // The lord hook is the one that brings the address to this server; others may send it away.
  const found = fitting.find(({ event }) => event === "lord") ?? fitting[0];
  if (found !== undefined) return found;
  if (ip !== undefined) checkAddress(ip);
  const upheld = upheldIn(config).filter((one) =>
    ip === undefined ? all.length === 0 : sameAddress(one, ip)
  );
  if (upheld.length > 0) {
    const is = upheld.length === 1 ? "is" : "are";
    throw new UsageError(
      `${upheld.join(", ")} ${is} where the lord is: right would be failover handover`,
    );
  }
  if (all.length === 0) throw noneIn(config);
  const known = [...new Set(all.map(({ address }) => address.ip))].join(", ");
  const there = `the addresses in ${config.file} are: ${known}`;
  throw new UsageError(
    ip === undefined
      ? `which address? Right would be --ip; ${there}`
      : `no action is for ${ip}; ${there}`,
  );
}

/** The error of a configuration that tells no provider to ask. */
export function noneIn({ file }: Config): UsageError {
  const right = "right would be another --config, or --user NAME, or --token-file FILE";
  return new UsageError(`no action that moves an address is in ${file}: ${right}`);
}
