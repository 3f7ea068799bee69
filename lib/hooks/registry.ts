import { type Action, kindOf } from "../base/action_kind.ts";
import type { KeptAddress } from "../move/provider.ts";
import type { ChangedSettings, HookContext, HookKind, Upheld } from "./action.ts";
import { address } from "./address.ts";
import { cmd } from "./cmd.ts";
import { hcloudAliasIp } from "./hcloud_alias_ip.ts";
import { hcloudFloatingIp } from "./hcloud_floating_ip.ts";
import { hetznerFailoverip } from "./hetzner_failoverip.ts";
import { http } from "./http.ts";
import { log } from "./log.ts";

/** The kinds of actions that hooks may have, one file each, in the order that errors name them. */
export const kinds: readonly HookKind[] = [
  cmd,
  log,
  hetznerFailoverip,
  hcloudFloatingIp,
  hcloudAliasIp,
  http,
  address,
];

/**
 * Runs an action to its end.
 *
 * @throws HookError when the action fails
 * @throws the reason of the context's signal when that was aborted, once the action has ended
 */
export async function runAction(action: Action, context: HookContext): Promise<void> {
  await kindOf(action, kinds).run(action.settings, context);
}

/**
 * The address that an action moves, with its provider; undefined where it moves none.
 *
 * @param changed the settings that a person has replaced for one command
 */
export function addressOf(action: Action, changed?: ChangedSettings): KeptAddress | undefined {
  return kindOf(action, kinds).provider?.(action.settings, changed);
}

/** The thing that an action has while the node may be lord; undefined where it has none. */
export function upheldOf(action: Action): Upheld | undefined {
  return kindOf(action, kinds).upheld?.(action.settings);
}

/** The reasons for which an action cannot work on this machine, one sentence each. */
export function obstaclesHere(action: Action): string[] {
  return kindOf(action, kinds).obstaclesHere?.(action.settings) ?? [];
}
