import type { Action } from "../../lib/base/action_kind.ts";
import type { HookEvent } from "../../lib/base/hook_event.ts";
import type { Hook, LegionConfig } from "../../lib/config/config.ts";
import { votersOf } from "../../lib/config/voters.ts";
import { read } from "../config/read.ts";

/** A legion of one node on 127.0.0.1, to be changed where a test needs it. */
export function legionConfig(changed: Partial<LegionConfig>): LegionConfig {
  const [usual] = read("[uwsgi]\nlegion = test 127.0.0.1:1 10 bf-cbc:secret1\n").legions;
  const config = { ...usual, file: "test.ini", freqMs: 50, toleranceMs: 500, ...changed };
  return { ...config, ...votersOf(config, () => []), ...changed };
}

/** A hook as the configuration would have it. */
export function hook(event: HookEvent, action: Action, line = 7): Hook {
  return { file: "test.ini", line, event, action };
}

/** A `cmd:` hook. */
export function commandHook(event: HookEvent, command: string, line?: number): Hook {
  return hook(event, { kind: "cmd", settings: { command, written: command } }, line);
}
