import { closestString } from "@std/text/closest-string";
import type { HookAction } from "./config.ts";
import { parseHetznerFailoverip } from "./hetzner_failoverip.ts";
import { Invalid } from "./_invalid.ts";

const actions = ["cmd", "exec", "log", "hetzner-failoverip"];

/** Whether an action's argument is for the shell, which has a `$(…)` of its own. */
export function isCommand(action: string): boolean {
  return /^(cmd|exec):/.test(action);
}

/**
 * Reads `ACTION:ARGUMENT` (PROTOCOL.md, "Actions").
 *
 * @param written The same before references were replaced
 * @throws Invalid when there is no such action, or its argument is wrong
 */
export function parseAction(text: string, written: string): HookAction {
  const colon = text.indexOf(":");
  const name = colon < 0 ? text : text.slice(0, colon);
  const argument = colon < 0 ? "" : text.slice(colon + 1);
  if (name === "signal" || name === "alarm") {
    throw new Invalid(`uWSGI's action ${name}: is not to be had here; use cmd: to tell others`);
  }
  if (!actions.includes(name)) {
    const nearest = closestString(name, actions);
    const known = actions.map((action) => `${action}:`).join(", ");
    throw new Invalid(`there is no such action; did you mean ${nearest}:? There are ${known}`);
  }
  if (argument === "") throw new Invalid(`the action ${name}: needs an argument`);
  switch (name) {
    case "log":
      return { kind: "log", text: argument };
    case "hetzner-failoverip":
      return { kind: "hetzner-failoverip", failoverip: failoverip(argument) };
    default:
      return { kind: "cmd", command: argument, written: written.replace(/^[^:]*:/, "") };
  }
}

function failoverip(argument: string) {
  try {
    return parseHetznerFailoverip(argument);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    throw new Invalid(`hetzner-failoverip: ${error.message}`);
  }
}
