import type { HookContext } from "./action.ts";
import { runCommand } from "./command.ts";
import { type FailoveripSettings, runHetznerFailoverip } from "./hetzner_failoverip.ts";

/** What a hook can do. */
export type Action =
  /** `cmd:` and `exec:`: a shell command. */
  | { readonly kind: "cmd"; readonly command: string }
  /** `log:`: a line in the log. */
  | { readonly kind: "log"; readonly text: string }
  /** `hetzner-failoverip:`: route the failover address here. */
  | { readonly kind: "hetzner-failoverip"; readonly failoverip: FailoveripSettings };

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
      return await runHetznerFailoverip(action.failoverip, context);
  }
}
