import { withMaskedUrls } from "../base/masked_url.ts";
import type { HookKind } from "./action.ts";
import { runCommand } from "./command.ts";

/** The settings of a `cmd:`. */
export interface CommandSettings {
  /** The command for `/bin/sh`. */
  readonly command: string;
  /** The command as the file has it, references not replaced: their values may be secret. */
  readonly written: string;
}

/** `cmd:` and `exec:` run a shell command. */
export const cmd: HookKind<CommandSettings> = {
  kind: "cmd",
  names: ["cmd", "exec"],
  keys: [],
  isForShell: true,
  read: (command, written) => ({ command, written }),
  describe: ({ written }) => [`cmd:${withMaskedUrls(written)}`],
  warnings: () => [],
  run: ({ command }, context) => runCommand(command, context),
};
