import { errorMessage } from "../base/error_message.ts";
import { ConfigError, type ConfigProblem } from "./config_error.ts";
import { expand, type References } from "./expand.ts";
import type { IniLine } from "./ini.ts";
import { Invalid } from "../base/invalid.ts";
import { isTellable } from "./_tellable.ts";

/** The sources of all that a configuration refers to outside its own text. */
export interface ConfigSources {
  /** An environment variable. */
  readonly env: (name: string) => string | undefined;
  /**
   * The content of a file; throws when it cannot be read, with a message that says why and does not
   * hold the path.
   */
  readonly readFile: (path: string) => string;
  /** Whether all users of this machine may read a file. */
  readonly isPublic: (path: string) => boolean;
  /** The addresses of this machine. */
  readonly localHosts: () => readonly string[];
}

/** An option's line with its references replaced. */
export interface ExpandedLine extends IniLine {
  /** The value as the file has it. */
  readonly written: string;
  /** References that have no value, each with the reason; the first character tells its kind. */
  readonly unresolved: readonly string[];
}

/** The lines of a section with their references replaced, and a note of those that were used. */
export interface ExpandedLines {
  /** All lines, in the order of the file. */
  readonly lines: readonly ExpandedLine[];
  /** The names of the options and placeholders that a line refers to. */
  readonly used: ReadonlySet<string>;
  /** The paths of the files that a line refers to, each with the reference as the file has it. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Replaces the references in all lines of a section.
 *
 * @throws ConfigError when the references of a line bring in too much; nothing more is looked at
 */
export function expandLines(lines: readonly IniLine[], sources: ConfigSources): ExpandedLines {
  const earlier = new Map<string, ExpandedLine>();
  const used = new Set<string>();
  const files = new Map<string, string>();
  const all = lines.map((line) => {
    const reasons: string[] = [];
    const value = expanded(line, {
      option(name, written) {
        const found = earlier.get(name);
        if (found === undefined) {
          const told = isTellable(name) ? written : "%(…)";
          reasons.push(`${told}: no option or placeholder above has this name`);
        } else reasons.push(...found.unresolved);
        used.add(name);
        return found?.value;
      },
      env(name, written) {
        const found = sources.env(name);
        if (found === undefined) {
          // Text that cannot be the name of a variable may be a part of a password.
          const told = /^[A-Z_][A-Z0-9_]*$/.test(name) ? written : "$(…)";
          reasons.push(`${told}: this environment variable is not set`);
        }
        return found;
      },
      file(path, written) {
        try {
          const text = sources.readFile(path);
          files.set(path, written);
          return text;
        } catch (error) {
          const told = /[/.]/.test(path) ? written : "@(…)";
          reasons.push(`${told}: ${errorMessage(error)}`);
          return undefined;
        }
      },
    });
    const whole = { ...line, value, written: line.value, unresolved: reasons };
    // Of a placeholder that is defined twice the first counts, as in uWSGI.
    if (!earlier.has(line.key)) earlier.set(line.key, whole);
    return whole;
  });
  return { lines: all, used, files };
}

function expanded(line: IniLine, references: References): string {
  try {
    return expand(line.value, references).value;
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    throw new ConfigError([problemOf(line, error.message)]);
  }
}

/** A problem with a line, at its place in the file; the option is named where it is no secret. */
export function problemOf({ file, line, key }: IniLine, message: string): ConfigProblem {
  return { file, line, ...isTellable(key) ? { option: key } : {}, message };
}

/** Splits `NAME REST`, the form of most options of a legion; without a REST it is undefined. */
export function splitName(value: string): [name: string, rest: string | undefined] {
  const match = /^(\S+)(?:\s+(.*))?$/s.exec(value);
  return [match?.[1] ?? "", match?.[2]];
}
