import { describeConfig } from "../config/describe.ts";
import type { ActionKind } from "../base/action_kind.ts";
import type { Config } from "../config/config.ts";
import { type ConfigSources, loadConfig, systemSources } from "../config/load.ts";
import { kinds, obstaclesHere } from "../hooks/registry.ts";
import { addressesIn } from "./addresses_in.ts";
import { checkSurroundings } from "./hook_surroundings.ts";
import { misplacedWarning, missingHere, routedToOthers } from "./misplaced.ts";
import { quotaWarnings } from "./quota_sums.ts";

export {
  addressesIn,
  type ConfiguredAddress,
  filesOfActions,
  lordAddressesIn,
  upheldIn,
} from "./addresses_in.ts";

/**
 * Reads the configuration of a node, with all kinds of actions in its hooks.
 *
 * @param spec `FILE[:SECTION]`, the section `uwsgi` when it is left out
 * @throws ConfigError with all that is wrong
 */
export function readConfiguration(spec: string, sources: ConfigSources = systemSources): Config {
  const config = loadConfig(spec, { kinds, sources });
  return warned(config, [
    ...checkSurroundings(config),
    ...routedToOthers(config).map(misplacedWarning),
    ...quotaWarnings(config),
    ...obstacleWarnings(config),
    ...deadlineWarnings(config),
  ]);
}

/** The kinds of actions that hooks may have. */
export const actionKinds: readonly ActionKind[] = kinds;

/**
 * A configuration in lines to read, for `--check-config`. Secrets are `***`.
 *
 * @param localHosts the addresses of this machine, on which those of the hooks are looked for; none
 * are looked for when left out
 * @param columns the width at which lines are broken between words, in characters; Infinity: never
 */
export function describeConfiguration(
  config: Config,
  localHosts?: readonly string[],
  columns = Infinity,
): string {
  const missing = localHosts === undefined ? [] : missingHere(config, localHosts);
  return describeConfig(warned(config, missing.map(misplacedWarning)), kinds, columns);
}

function warned(config: Config, more: readonly string[]): Config {
  return more.length === 0 ? config : { ...config, warnings: [...config.warnings, ...more] };
}

/** The warnings for takeovers that their hook does not give the time that they may take. */
function deadlineWarnings(config: Config): string[] {
  return addressesIn(config).flatMap(({ legion, place: { file, line }, action, address }) => {
    const [deadline, most] = [address.deadlineMs, legion.hookTimeoutMs].map((ms) => ms / 1000);
    if (deadline <= most) return [];
    const why = `legion-hook-timeout ends it after ${most} s of its deadline of ${deadline} s`;
    return [`${file}:${line}: ${action.kind}: ${why}`];
  });
}

/** The warnings for actions that cannot work on this machine, with file and line. */
function obstacleWarnings({ legions }: Config): string[] {
  return legions.flatMap(({ hooks }) =>
    hooks.flatMap(({ file, line, action }) =>
      obstaclesHere(action).map((why) => `${file}:${line}: ${action.kind}: ${why}`)
    )
  );
}
