import { kindOf } from "../base/action_kind.ts";
import type { LegionConfig } from "./config.ts";
import { warningsOfElection } from "./_election_warnings.ts";
import type { ActionKinds } from "./hook.ts";
import type { ConfigSources } from "./sources.ts";

/** The warnings for settings that are allowed but unwise, one sentence each, with file and line. */
export function warningsOf(legion: LegionConfig, kinds: ActionKinds): string[] {
  return [
    ...warningsOfElection(legion),
    ...warningsOfSecrets(legion),
    ...warningsOfHooks(legion, kinds),
  ];
}

/**
 * The warnings for files with secrets that all users of the machine may read.
 *
 * @param files the paths, each with a name for messages: a path itself may hold a secret
 */
export function warningsOfFiles(
  files: ReadonlyMap<string, string>,
  { isPublic }: Pick<ConfigSources, "isPublic">,
): string[] {
  return [...files].filter(([path]) => isPublic(path)).map(([, name]) =>
    `${name}: all users of this machine may read it; if it holds a secret: chmod o= FILE`
  );
}

/** The last line break of a file is left out; one more is a part of the secret. */
function warningsOfSecrets({ file, line, name, secret, authSecret = "" }: LegionConfig): string[] {
  if (secret === secret.trim() && authSecret === authSecret.trim()) return [];
  return [
    `${file}:${line}: legion ${name}: its secret begins or ends with white space, such as an empty ` +
    "line of a file: a node that has it without does not hear this one",
  ];
}

function warningsOfHooks({ hooks }: LegionConfig, kinds: ActionKinds): string[] {
  return hooks.flatMap(({ file, line, action }) =>
    kindOf(action, kinds).warnings(action.settings).map((warning) =>
      `${file}:${line}: ${action.kind}: ${warning}`
    )
  );
}
