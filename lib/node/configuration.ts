import type { Action } from "../base/action_kind.ts";
import { describeConfig } from "../config/describe.ts";
import type { ActionKind } from "../base/action_kind.ts";
import type { HookEvent } from "../base/hook_event.ts";
import type { Config, LegionConfig } from "../config/config.ts";
import { type ConfigSources, loadConfig, systemSources } from "../config/load.ts";
import { addressOf, kinds } from "../hooks/registry.ts";
import type { KeptAddress } from "../move/provider.ts";

/**
 * Reads the configuration of a node, with all kinds of actions in its hooks.
 *
 * @param spec `FILE[:SECTION]`, the section `uwsgi` when it is left out
 * @throws ConfigError with all that is wrong
 */
export function readConfiguration(spec: string, sources: ConfigSources = systemSources): Config {
  return loadConfig(spec, { kinds, sources });
}

/** The kinds of actions that hooks may have. */
export const actionKinds: readonly ActionKind[] = kinds;

/** A configuration in lines to read, for `--check-config`. Secrets are `***`. */
export function describeConfiguration(config: Config): string {
  return describeConfig(config, kinds);
}

/** An address that a hook of a configuration moves. */
export interface ConfiguredAddress {
  /** The legion that the hook is of. */
  readonly legion: LegionConfig;
  /** The event that the hook is bound to. */
  readonly event: HookEvent;
  /** The hook's action. */
  readonly action: Action;
  /** The address, by its provider. */
  readonly address: KeptAddress;
}

/** All addresses that the hooks of a configuration move, in the order of the file. */
export function addressesIn(config: Config): ConfiguredAddress[] {
  return config.legions.flatMap((legion) =>
    legion.hooks.flatMap(({ event, action }) => {
      const address = addressOf(action);
      return address === undefined ? [] : [{ legion, event, action, address }];
    })
  );
}
