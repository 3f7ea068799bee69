import type { Action } from "../../base/action_kind.ts";
import { kindOf } from "../../base/action_kind.ts";
import { Invalid } from "../../base/invalid.ts";
import { maskedUrl } from "../../base/masked_url.ts";
import { parseSeconds } from "../../base/number.ts";
import type { ChangedSettings } from "../../hooks/action.ts";
import { kinds } from "../../hooks/registry.ts";
import { defaultConfig } from "../default_config.ts";
import type { ParsedOptions } from "../options.ts";
import { UsageError } from "../usage_error.ts";

/** The part of a subcommand's help with the options that say which provider to ask, and as whom. */
export const providerOptionsHelp =
  `  --config FILE[:SECTION]  take the provider and the credentials from its
                           actions that move addresses (${defaultConfig})
  --user NAME              ask the Robot as this webservice user, instead of a
                           configuration
  --password-file FILE     the user's password (- for standard input); else it
                           is ROBOT_PASSWORD
  --token-file FILE        ask the Hetzner Cloud with the token in this file (-
                           for standard input), instead of a configuration; else
                           it is HCLOUD_TOKEN
  --url URL                another URL than the provider's, used as it is
  --timeout SECONDS        for one request (that of the configuration's action;
                           else Robot 60, Cloud 10)
  --deadline SECONDS       for everything (3 times --timeout; without it that of
                           the action; else Robot 180, Cloud 60)
  --ca FILE                a PEM file to trust besides the system's certificates
`;

/** The settings that `--url`, `--timeout`, `--deadline` and `--ca` change. @throws UsageError */
export function changedSettings(options: ParsedOptions): ChangedSettings {
  const timeoutMs = seconds(options, "timeout");
  const deadlineMs = seconds(options, "deadline") ??
    (timeoutMs === undefined ? undefined : 3 * timeoutMs);
  const url = options.value("url");
  if (url !== undefined) checkUrl(url);
  const ca = options.value("ca");
  return {
    ...url === undefined ? {} : { url },
    ...timeoutMs === undefined ? {} : { timeoutMs },
    ...deadlineMs === undefined ? {} : { deadlineMs },
    ...ca === undefined ? {} : { ca },
  };
}

/** @throws UsageError where no provider can be asked at a URL */
function checkUrl(text: string): void {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--url takes an http or https URL, not ${maskedUrl(text)}`);
  }
  if (url.username !== "" || url.password !== "") {
    const where = "give them as --user and --password-file";
    throw new UsageError(
      `--url: user and password do not belong into ${maskedUrl(text)}: ${where}`,
    );
  }
}

/**
 * Checks a URL by the rules of the action that it is for.
 *
 * @throws UsageError where that action's provider cannot be asked there
 */
export function checkUrlFor({ kind }: Pick<Action, "kind">, { url }: ChangedSettings): void {
  if (url === undefined) return;
  try {
    kindOf({ kind, settings: {} }, kinds).keys.find(({ name }) => name === "url")?.read(url);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    throw new UsageError(`--url: ${error.message}, not at ${maskedUrl(url)}`);
  }
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
