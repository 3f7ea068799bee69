import { ConfigError, type ConfigProblem } from "./config_error.ts";
import { expand, type References } from "./expand.ts";
import type { IniLine } from "./ini.ts";
import { Invalid } from "../base/invalid.ts";
import { isTellable } from "./_tellable.ts";

/** Where a configuration takes what does not stand in it. */
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

/** A line with its references replaced. */
export interface ExpandedLine extends IniLine {
  /** The value as the file has it. */
  readonly written: string;
  /** References that have no value, each with the reason; the first character tells its kind. */
  readonly unresolved: readonly string[];
}

/**
 * Replaces the references in all lines of a section, and keeps book of which were used: options and
 * placeholders by their names, files by their paths, with the references as they are written.
 *
 * @throws ConfigError when the references of a line bring in too much; nothing more is looked at
 */
export function expandLines(lines: readonly IniLine[], sources: ConfigSources) {
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
          // What is no name of a variable may be a part of a password.
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
          reasons.push(`${told}: ${error instanceof Error ? error.message : error}`);
          return undefined;
        }
      },
    });
    const whole = { ...line, value, written: line.value, unresolved: reasons };
    // As in uWSGI, of a placeholder that is defined twice the first counts.
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

/** A problem with a line. */
export function problemOf({ file, line, key }: IniLine, message: string): ConfigProblem {
  return { file, line, ...isTellable(key) ? { option: key } : {}, message };
}

/** Parts `NAME REST`, as most options of a legion have it. */
export function splitName(value: string): [name: string, rest: string | undefined] {
  const match = /^(\S+)(?:\s+(.*))?$/s.exec(value);
  return [match?.[1] ?? "", match?.[2]];
}
