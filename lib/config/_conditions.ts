// The blocks that uWSGI reads only under a condition (PROTOCOL.md, "More of the dialect").
import { errorMessage } from "../base/error_message.ts";
import { Invalid } from "../base/invalid.ts";
import type { ConfigSources, PathKind } from "./sources.ts";

/** The outcome of a condition. */
export interface Outcome {
  /** Whether the lines of the block count. */
  readonly holds: boolean;
  /** The value of `%(_)` in the block; undefined: it has none. */
  readonly value?: string;
}

/** The means of deciding a condition. */
export interface ConditionMeans extends Pick<ConfigSources, "env" | "machine"> {
  /** The value of the first line above with a name; undefined: there is none. @throws Invalid */
  readonly option: (name: string) => string | undefined;
}

type Condition = (argument: string, means: ConditionMeans) => Outcome;

/** The conditions by their names in a file. */
const conditions: Readonly<Record<string, Condition>> = {
  ...both("if", "env", compared((name, { env }) => env(name))),
  "ifenv": compared((name, { env }) => env(name)),
  ...both("if", "opt", compared((name, { option }) => option(name))),
  ...both("if", "hostname", (name, { machine }) => ({
    holds: machine.hostname() === name,
    value: name,
  })),
  ...both("if", "hostname-match", (pattern, { machine }) => ({
    holds: matches(machine.hostname(), pattern),
    value: pattern,
  })),
  ...both("if", "exists", at((kind) => kind !== "nothing")),
  "ifexists": at((kind) => kind !== "nothing"),
  ...both("if", "file", at((kind) => kind === "file")),
  ...both("if", "dir", at((kind) => kind === "folder")),
  "ifdir": at((kind) => kind === "folder"),
  "if-directory": at((kind) => kind === "folder"),
  ...both("if", "reload", unknown("whether uWSGI was reloaded")),
  ...both("if", "plugin", unknown("which plugins uWSGI has")),
  "ifplugin": unknown("which plugins uWSGI has"),
};

/** The condition of that name; undefined: no condition has it. */
export function conditionNamed(name: string): Condition | undefined {
  return Object.hasOwn(conditions, name) ? conditions[name] : undefined;
}

/** A condition and its opposite. */
function both(prefix: string, name: string, condition: Condition): Record<string, Condition> {
  return {
    [`${prefix}-${name}`]: condition,
    [`${prefix}-not-${name}`]: (argument, means) => {
      const { holds, value } = condition(argument, means);
      return { holds: !holds, value };
    },
  };
}

/** A condition `NAME` or `NAME=VALUE`. */
function compared(
  valueOf: (name: string, means: ConditionMeans) => string | undefined,
): Condition {
  return (argument, means) => {
    const equals = argument.indexOf("=");
    const value = valueOf(equals < 0 ? argument : argument.slice(0, equals), means);
    const holds = value !== undefined && (equals < 0 || value === argument.slice(equals + 1));
    return { holds, value };
  };
}

function at(holds: (kind: PathKind) => boolean): Condition {
  return (path, { machine }) => {
    try {
      return { holds: holds(path === "" ? "nothing" : machine.kindAt(path)), value: path };
    } catch (error) {
      throw new Invalid(errorMessage(error));
    }
  };
}

function unknown(what: string): Condition {
  return () => {
    throw new Invalid(`${what} is not known here`);
  };
}

// Patterns that take only a moment and mean the same to uWSGI: no group is repeated, and few
// characters are.
const maxRepeats = 3;

function matches(name: string, pattern: string): boolean {
  const plain = pattern.replace(/\\[.dDwWsSbB\\*+?()[\]{}|^$-]/g, "a");
  const repeats = plain.match(/[*+?{]/g)?.length ?? 0;
  if (/\\|\(\?|\)[*+?{]|[*+?}][*+?{]|\[[:.=]|&&|--/.test(plain) || repeats > maxRepeats) {
    throw new Invalid("this pattern is not evaluated here");
  }
  try {
    return new RegExp(pattern).test(name);
  } catch {
    throw new Invalid("this pattern is not evaluated here");
  }
}
