import { type HookEvent, hookEvents } from "../base/hook_event.ts";
import { isCommand } from "./hook.ts";
import type { OptionRow } from "./option.ts";

/** The option that binds hooks to an event. */
export interface HookOption extends OptionRow {
  /** The event. */
  readonly event: HookEvent;
}

const whenHooksRun: Record<HookEvent, string> = {
  "setup": "at the start",
  "join": "at the first agreement",
  "lord": "when this node is elected: it is lord once all have ended",
  "unlord": "when this node is lord no longer",
  "death": "at a clean stop (as with uWSGI, the unlord hooks do not run then)",
  "node-joined": "when another node came",
  "node-left": "when another node went",
};

/** The options that bind hooks, one for each event; together they fill `hooks`. */
export const hookOptions: readonly HookOption[] = hookEvents.map((event) => ({
  event,
  name: `legion-${event}`,
  scope: "repeated",
  form: "ACTION",
  help: `run a hook ${whenHooksRun[event]}`,
  example: `legion-${event} = failover cmd:logger ${event}`,
  asksShell: isCommand,
  reload: "in place",
}));
