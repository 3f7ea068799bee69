import { withMaskedUrls } from "../base/masked_url.ts";
import type { HookKind } from "./action.ts";

/** The settings of a `log:`. */
export interface LogSettings {
  /** The text of the line. */
  readonly text: string;
}

/** `log:` writes a line to the log. */
export const log: HookKind<LogSettings> = {
  kind: "log",
  names: ["log"],
  keys: [],
  read: (text) => ({ text }),
  describe: ({ text }) => [`log:${withMaskedUrls(text)}`],
  warnings: () => [],
  run({ text }, context) {
    context.log("info", text);
    return Promise.resolve();
  },
};
