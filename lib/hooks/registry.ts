import type { HookContext } from "./action.ts";
import { runCommand } from "./command.ts";
import type { MoveContext } from "../move/context.ts";
import { preflight } from "../move/preflight.ts";
import type { KeptAddress } from "../move/provider.ts";
import { watch } from "../move/watch.ts";
import { keptByRobot, type KeptSettings } from "../robot/provider.ts";
import { moveHere } from "./_move_here.ts";

/** What a hook can do. */
export type Action =
  /** `cmd:` and `exec:`: a shell command. */
  | { readonly kind: "cmd"; readonly command: string }
  /** `log:`: a line in the log. */
  | { readonly kind: "log"; readonly text: string }
  /** `hetzner-failoverip:`: route the failover address here. */
  | {
    readonly kind: "hetzner-failoverip";
    readonly failoverip: KeptSettings;
  };

/**
 * Runs an action to its end.
 *
 * @throws HookError when it fails
 * @throws the reason of the context's signal when that was aborted, once nothing of it runs any more
 */
export async function runAction(action: Action, context: HookContext): Promise<void> {
  switch (action.kind) {
    case "cmd":
      return await runCommand(action.command, context);
    case "log":
      return context.log("info", action.text);
    case "hetzner-failoverip":
      return await moveHere(keptByRobot(action.failoverip), context);
  }
}

/** The address that an action moves; undefined: none. */
export function addressOf(action: Action): KeptAddress | undefined {
  return action.kind === "hetzner-failoverip" ? keptByRobot(action.failoverip) : undefined;
}

/** Looks at the start of a node whether an action could do its work; what is found is logged. */
export async function preflightAction(action: Action, context: MoveContext): Promise<void> {
  const address = addressOf(action);
  if (address !== undefined) await preflight(address, context);
}

/** Sees to it that what an action did stays so, until the context's signal is aborted. */
export async function watchAction(action: Action, context: MoveContext): Promise<void> {
  const address = addressOf(action);
  if (address !== undefined) await watch(address, context);
}
