import { closestString } from "@std/text/closest-string";
import type { Action, ActionKind } from "../base/action_kind.ts";
import { Invalid } from "../base/invalid.ts";
import type { SecretReader } from "../base/secret_file.ts";
import { InvalidLines, type Sections } from "../base/section.ts";

/** The kinds of actions that a configuration may have. */
export type ActionKinds = readonly ActionKind[];

/** Whether an action's argument is a command: in one, `$(…)` is left to the shell. */
export function isCommand(action: string, kinds: ActionKinds): boolean {
  const [name, argument] = split(action);
  return argument !== undefined && kindNamed(name, kinds)?.isForShell === true;
}

/** Whether an action's argument is a keyval list. */
export function hasKeys(action: string, kinds: ActionKinds): boolean {
  return (kindNamed(split(action)[0], kinds)?.keys.length ?? 0) > 0;
}

/**
 * Reads `ACTION:ARGUMENT` (PROTOCOL.md, "Actions").
 *
 * @param written the same text before references were replaced
 * @throws Invalid when there is no such action, or its argument is wrong
 */
export function parseAction(
  text: string,
  written: string,
  { kinds, secretIn, sections }: {
    readonly kinds: ActionKinds;
    readonly secretIn: SecretReader;
    readonly sections?: Sections;
  },
): Action {
  const [name, argument = ""] = split(text);
  if (name === "signal" || name === "alarm") {
    throw new Invalid(`uWSGI's action ${name}: is not to be had here; use cmd: to tell others`);
  }
  const found = kindNamed(name, kinds);
  if (found === undefined) {
    const names = kinds.flatMap(({ names }) => names);
    const nearest = closestString(name, names);
    const known = names.map((name) => `${name}:`).join(", ");
    throw new Invalid(`there is no such action; did you mean ${nearest}:? There are ${known}`);
  }
  if (argument === "") throw new Invalid(`the action ${name}: needs an argument`);
  try {
    const { kind } = found;
    const given = written.replace(/^[^:]*:/, "");
    return { kind, settings: found.read(argument, given, secretIn, sections) };
  } catch (error) {
    if (!(error instanceof Invalid) || error instanceof InvalidLines) throw error;
    throw new Invalid(`${name}: ${error.message}`);
  }
}

function split(action: string): [name: string, argument: string | undefined] {
  const colon = action.indexOf(":");
  return colon < 0 ? [action, undefined] : [action.slice(0, colon), action.slice(colon + 1)];
}

function kindNamed(name: string, kinds: ActionKinds): ActionKind | undefined {
  return kinds.find(({ names }) => names.includes(name));
}
