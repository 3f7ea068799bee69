import { maskedUrl } from "../../base/masked_url.ts";
import { parseSeconds } from "../../base/number.ts";
import type { RobotSettings } from "../../robot/provider.ts";
import { defaultConfig } from "../default_config.ts";
import type { ParsedOptions } from "../options.ts";
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

/** The settings that options of the command can change. */
export type Overrides = Partial<Pick<RobotSettings, "url" | "timeoutMs" | "deadlineMs" | "ca">>;

/** The settings that `--url`, `--timeout`, `--deadline` and `--ca` change. @throws UsageError */
export function overridden(options: ParsedOptions): Overrides {
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

/** @throws UsageError where the Robot cannot be asked at a URL */
function checkUrl(text: string): void {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--url takes an http or https URL, not ${maskedUrl(text)}`);
  }
  if (url.username !== "" || url.password !== "") {
    const where = "give them as --user and --password-file";
    throw new UsageError(`--url: user and password do not belong into a URL: ${where}`);
  }
  if (url.hostname.startsWith("[")) {
    throw new UsageError(`--url: the Robot is asked over IPv4, not at ${maskedUrl(text)}`);
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
