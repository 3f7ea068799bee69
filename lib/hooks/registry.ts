import { type Action, kindOf } from "../base/action_kind.ts";
import type { KeptAddress } from "../move/provider.ts";
import type { HookContext, HookKind } from "./action.ts";
import { cmd } from "./cmd.ts";
import { hetznerFailoverip } from "./hetzner_failoverip.ts";
import { log } from "./log.ts";

/** The kinds of actions that hooks may have, one file each, in the order that errors name them. */
export const kinds: readonly HookKind[] = [cmd, log, hetznerFailoverip];

/**
 * Runs an action to its end.
 *
 * @throws HookError when it fails
 * @throws the reason of the context's signal when that was aborted, once nothing of it runs any more
 */
export async function runAction(action: Action, context: HookContext): Promise<void> {
  await kindOf(action, kinds).run(action.settings, context);
}

/** The address that an action moves, and its provider; undefined: none. */
export function addressOf(action: Action): KeptAddress | undefined {
  return kindOf(action, kinds).provider?.(action.settings);
}
