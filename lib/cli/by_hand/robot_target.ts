import { maskedUrl } from "../../base/masked_url.ts";
import type { Config, LegionConfig } from "../../config/config.ts";
import { hetznerFailoverip } from "../../hooks/hetzner_failoverip.ts";
import { readConfiguration } from "../../node/configuration.ts";
import { parseSeconds } from "../../base/number.ts";
import { isAddress, sameAddress } from "../../base/ip_address.ts";
import type { FailoverAccess } from "../../robot/client.ts";
import type { KeptSettings } from "../../robot/provider.ts";
import { failoverUrl } from "../../robot/url.ts";
import { defaultConfig } from "../default_config.ts";
import { credentials } from "./_credentials.ts";
import type { ParsedOptions } from "../options.ts";
import { printErrorLine } from "../print.ts";
import { UsageError } from "../usage_error.ts";

/** The part of a subcommand's help with the options that say which Robot to ask, and as whom. */
export const robotOptionsHelp =
  `  --config FILE[:SECTION]  take the credentials from its hetzner-failoverip action
                           (${defaultConfig})
  --user NAME              the webservice user, instead of a configuration
  --password-file FILE     the user's password (- for standard input); else it is ROBOT_PASSWORD
  --url URL                another URL than the Robot's, used as it is
  --timeout SECONDS        for one request (60)
  --deadline SECONDS       for everything (3 timeouts)
  --ca FILE                a PEM file to trust besides the system's certificates
`;

/** A failover address, how to ask for it, and what the configuration says of it. */
export interface RobotTarget extends FailoverAccess {
  /** For everything: no request and no wait outlasts it. */
  readonly deadlineMs: number;
  /** Undefined when the credentials came from elsewhere. */
  readonly configured?: {
    readonly config: Config;
    readonly legion: LegionConfig;
    readonly action: KeptSettings;
  };
}

/**
 * The address that `--ip` names, with the credentials from the configuration's action for it, or from
 * `--user` or the environment.
 *
 * @throws UsageError or ConfigError; then nothing has been sent
 */
export async function targetOf(options: ParsedOptions): Promise<RobotTarget> {
  const asked = options.value("ip");
  const ip = asked === undefined ? undefined : address("--ip", asked);
  const given = await credentials(options);
  if (given === undefined) {
    const config = readConfiguration(options.value("config") ?? defaultConfig);
    const found = find(config, ip);
    for (const warning of config.warnings) printErrorLine(`warning: ${warning}`);
    return { ...found.action, ...overridden(options), configured: { config, ...found } };
  }
  if (ip === undefined) throw new UsageError("which address? Right would be --ip 4.4.4.4");
  const timeoutMs = 60_000;
  const usual = { ip, url: failoverUrl(ip), timeoutMs, deadlineMs: 3 * timeoutMs };
  return { ...usual, ...given, ...overridden(options) };
}

/** All actions of a configuration that route an address at the Robot. */
export function actionsOf(config: Config) {
  return config.legions.flatMap((legion) =>
    legion.hooks.flatMap(({ event, action: { kind, settings } }) =>
      kind === hetznerFailoverip.kind ? [{ legion, event, action: settings as KeptSettings }] : []
    )
  );
}

/** What `--url`, `--timeout`, `--deadline` and `--ca` say. */
export function overridden(options: ParsedOptions) {
  const timeoutMs = seconds(options, "timeout");
  const deadlineMs = seconds(options, "deadline") ??
    (timeoutMs === undefined ? undefined : 3 * timeoutMs);
  const url = options.value("url");
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    throw new UsageError(`--url takes an http or https URL, not ${maskedUrl(url)}`);
  }
  if (url !== undefined && URL.parse(url)?.hostname.startsWith("[")) {
    throw new UsageError(`--url: the Robot is asked over IPv4, not at ${maskedUrl(url)}`);
  }
  const ca = options.value("ca");
  return {
    ...url === undefined ? {} : { url },
    ...timeoutMs === undefined ? {} : { timeoutMs },
    ...deadlineMs === undefined ? {} : { deadlineMs },
    ...ca === undefined ? {} : { ca },
  };
}

/**
 * An address that was given as an option.
 *
 * @throws UsageError when it is none
 */
export function address(option: string, text: string): string {
  if (!isAddress(text)) throw new UsageError(`${option} takes an IP address, not ${text}`);
  return text;
}

function find(config: Config, ip: string | undefined) {
  const actions = actionsOf(config);
  const known = [...new Set(actions.map(({ action }) => action.ip))].join(", ");
  const there = known === ""
    ? `no hetzner-failoverip action is in ${config.file}`
    : `the addresses in ${config.file} are: ${known}`;
  if (ip === undefined) throw new UsageError(`which address? Right would be --ip; ${there}`);
  const fitting = actions.filter(({ action }) => sameAddress(action.ip, ip));
  // What brings the address to this server is the lord hook; others may send it away.
  const found = fitting.find(({ event }) => event === "lord") ?? fitting[0];
  if (found === undefined) throw new UsageError(`no action is for ${ip}; ${there}`);
  return found;
}

function seconds(options: ParsedOptions, name: string): number | undefined {
  const value = options.value(name);
  if (value === undefined) return undefined;
  try {
    return parseSeconds(value);
  } catch (error) {
    throw new UsageError(`--${name}: ${(error as Error).message}`);
  }
}
