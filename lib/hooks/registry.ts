import type { HookContext } from "./action.ts";
import { runCommand } from "./command.ts";
import { runHetznerFailoverip } from "./hetzner_failoverip.ts";
import { preflight } from "./preflight.ts";
import { watch, type WatchSettings } from "./watch.ts";

/** What a hook can do. */
export type Action =
  /** `cmd:` and `exec:`: a shell command. */
  | { readonly kind: "cmd"; readonly command: string }
  /** `log:`: a line in the log. */
  | { readonly kind: "log"; readonly text: string }
  /** `hetzner-failoverip:`: route the failover address here. */
  | {
    readonly kind: "hetzner-failoverip";
    readonly failoverip: WatchSettings & { readonly preflight: boolean };
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
      return await runHetznerFailoverip(action.failoverip, context);
  }
}

/** What the looks before and after a hook need to know. */
export type CareContext = Pick<HookContext, "signal" | "recheck" | "log" | "seen" | "guard">;

/** Looks at the start of a node whether an action could do its work; what it finds is logged. */
export async function preflightAction(action: Action, context: CareContext): Promise<void> {
  if (action.kind === "hetzner-failoverip") await preflight(action.failoverip, context);
}

/** Sees to it that what an action did stays so, until the context's signal is aborted. */
export async function watchAction(action: Action, context: CareContext): Promise<void> {
  if (action.kind === "hetzner-failoverip") await watch(action.failoverip, context);
}
