import { errorMessage } from "../base/error_message.ts";
import { ConfigError, type ConfigProblem } from "./config_error.ts";
import { expand, type Extent, type References } from "./expand.ts";
import type { IniLine } from "./ini.ts";
import { Invalid } from "../base/invalid.ts";
import { escapeKeyval } from "../base/keyval.ts";
import { readSecret } from "../base/secret_file.ts";
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
  /** The path of the file whose content is the value; undefined: the value is something else. */
  readonly from?: string;
}

/** The lines of a section with their references replaced, and a note of those that were used. */
export interface ExpandedLines {
  /** All lines, in the order of the file. */
  readonly lines: readonly ExpandedLine[];
  /** The names of the options and placeholders that a line refers to. */
  readonly used: ReadonlySet<string>;
  /** The paths of the files that a line refers to, each with the reference as the file has it. */
  readonly files: ReadonlyMap<string, string>;
  /** Warnings about those files, one sentence each, with file and line. */
  readonly warnings: readonly string[];
}

/**
 * Replaces the references in all lines of a section. In a keyval list, a file that is the whole value
 * of a key is a secret's, and its first line is taken literally.
 *
 * @param isKeyval whether the value of a line is a keyval list
 * @throws ConfigError when the references of a line bring in too much; nothing more is looked at
 */
export function expandLines(
  lines: readonly IniLine[],
  sources: ConfigSources,
  isKeyval: (line: IniLine) => boolean = () => false,
): ExpandedLines {
  const earlier = new Map<string, ExpandedLine>();
  const used = new Set<string>();
  const files = new Map<string, string>();
  const warnings = new Set<string>();
  const contentOf = (path: string, written: string, line: IniLine, extent: Extent) => {
    if (extent !== "key" || !isKeyval(line)) return sources.readFile(path);
    const warn = (what: string) => {
      const { option } = problemOf(line, what);
      warnings.add(`${line.file}:${line.line}: ${option}: ${written}: ${what}`);
    };
    return escapeKeyval(readSecret(path, { ...sources, warn }));
  };
  const all = lines.map((line) => {
    const reasons: string[] = [];
    let from: string | undefined;
    const value = expanded(line, {
      option(name, written, extent) {
        const found = earlier.get(name);
        if (found === undefined) {
          const told = isTellable(name) ? written : "%(…)";
          reasons.push(`${told}: no option or placeholder above has this name`);
        } else reasons.push(...found.unresolved);
        used.add(name);
        if (found?.from !== undefined && found.unresolved.length === 0 && extent === "key") {
          return contentOf(found.from, written, line, extent);
        }
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
      file(path, written, extent) {
        try {
          const text = contentOf(path, written, line, extent);
          files.set(path, written);
          if (extent === "all") from = path;
          return text;
        } catch (error) {
          const told = /[/.]/.test(path) ? written : "@(…)";
          reasons.push(`${told}: ${errorMessage(error)}`);
          return undefined;
        }
      },
    });
    const whole = { ...line, value, written: line.value, unresolved: reasons, from };
    // Of a placeholder that is defined twice the first counts, as in uWSGI.
    if (!earlier.has(line.key)) earlier.set(line.key, whole);
    return whole;
  });
  return { lines: all, used, files, warnings: [...warnings] };
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
