import { type Action, kindOf } from "../base/action_kind.ts";
import type { HookEvent } from "../base/hook_event.ts";
import type { Place } from "../base/place.ts";
import type { Config, LegionConfig } from "../config/config.ts";
import { addressOf, kinds, upheldOf } from "../hooks/registry.ts";
import type { KeptAddress } from "../move/provider.ts";

/** An address that a hook of a configuration moves. */
export interface ConfiguredAddress {
  /** The legion that the hook is of. */
  readonly legion: LegionConfig;
  /** The event that the hook is bound to. */
  readonly event: HookEvent;
  /** The hook's place in the configuration. */
  readonly place: Place;
  /** The hook's action. */
  readonly action: Action;
  /** The address, by its provider. */
  readonly address: KeptAddress;
}

/** All addresses that the hooks of a configuration move, in the order of the file. */
export function addressesIn(config: Pick<Config, "legions">): ConfiguredAddress[] {
  return config.legions.flatMap((legion) =>
    legion.hooks.flatMap(({ event, action, file, line }) => {
      const address = addressOf(action);
      return address === undefined
        ? []
        : [{ legion, event, place: { file, line }, action, address }];
    })
  );
}

/**
 * The addresses that the lord hooks of a configuration move, in the order of the file. Hooks of other
 * events may send an address anywhere.
 */
export function lordAddressesIn(config: Pick<Config, "legions">): ConfiguredAddress[] {
  return addressesIn(config).filter(({ event }) => event === "lord");
}

/** The addresses that the lord has on a device of its own, each once, in the order of the file. */
export function upheldIn({ legions }: Pick<Config, "legions">): string[] {
  const all = legions.flatMap(({ hooks }) => hooks.flatMap(({ action }) => upheldOf(action) ?? []));
  return [...new Set(all.map(({ ip }) => ip))];
}

/** Whether a hook of that event runs a command, which may do anything. */
export function runsCommand({ hooks }: LegionConfig, event: HookEvent): boolean {
  return hooks.some((hook) => hook.event === event && kindOf(hook.action, kinds).isForShell);
}

/** The paths of the files that the actions of a configuration read when they run. */
export function filesOfActions({ legions }: Config): readonly string[] {
  return legions.flatMap(({ hooks }) =>
    hooks.flatMap(({ action }) => kindOf(action, kinds).files?.(action.settings) ?? [])
  );
}
