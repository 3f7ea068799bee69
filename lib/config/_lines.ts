import { errorMessage } from "../base/error_message.ts";
import { Invalid } from "../base/invalid.ts";
import { escapeKeyval } from "../base/keyval.ts";
import { readSecret } from "../base/secret_file.ts";
import { expand, type Extent, type References } from "./expand.ts";
import type { IniLine } from "./ini.ts";
import { problemAt, problemOf } from "./_problem.ts";
import type { ConfigSources } from "./sources.ts";
import { sum } from "./_sum.ts";
import { isTellable } from "./_tellable.ts";

/** A reference that was replaced in a line. */
export interface UsedReference {
  /** The reference as the file has it, where it can be told, else its form. */
  readonly written: string;
  /** The line that its value is from, where that is a placeholder or an option. */
  readonly line?: ExpandedLine;
}

/** An option's line with its references replaced. */
export interface ExpandedLine extends IniLine {
  /** The value as the file has it, but for `%` and the letters behind it. */
  readonly written: string;
  /** References that have no value, each with the reason; the first character tells its kind. */
  readonly unresolved: readonly string[];
  /** The references that have one. */
  readonly uses: readonly UsedReference[];
  /** The values that files and the environment brought in, which may be secrets. */
  readonly brought: readonly string[];
  /** The path of the file whose content is the value; undefined: the value is something else. */
  readonly from?: string;
}

/** The lines of a section with their references replaced, and a note of those that were used. */
export interface ExpandedLines {
  /** All lines, in their order. */
  readonly lines: readonly ExpandedLine[];
  /** The names of the options and placeholders that a line refers to. */
  readonly used: ReadonlySet<string>;
  /** The paths of the files that a line refers to, each with the reference as the file has it. */
  readonly files: ReadonlyMap<string, string>;
  /** Warnings about those files, one sentence each, with file and line. */
  readonly warnings: readonly string[];
}

// The most characters that the references of all lines may bring in.
const maxLength = 8 * 1024 * 1024;

/**
 * Replaces the references in all lines (PROTOCOL.md, "More of the dialect"). Of a placeholder that is
 * defined twice the first counts, wherever it stands; one that is defined below its use may not refer
 * to others itself. In a keyval list, a file that is the whole value of a key is a secret's, and its
 * first line is taken literally.
 *
 * @param isKeyval whether the value of a line is a keyval list
 * @throws ConfigError when the references bring in too much; nothing more is looked at
 */
export function expandLines(
  lines: readonly IniLine[],
  sources: ConfigSources,
  isKeyval: (line: IniLine) => boolean = () => false,
): ExpandedLines {
  const expansion = new Expansion(lines, sources, isKeyval);
  return {
    lines: lines.map((_, index) => expansion.line(index)),
    used: expansion.used,
    files: expansion.files,
    warnings: [...expansion.warnings],
  };
}

class Expansion {
  readonly used = new Set<string>();
  readonly files = new Map<string, string>();
  readonly warnings = new Set<string>();
  readonly #lines: readonly IniLine[];
  readonly #sources: ConfigSources;
  readonly #isKeyval: (line: IniLine) => boolean;
  readonly #first = new Map<string, number>();
  readonly #expanded = new Map<number, ExpandedLine>();
  #length = 0;

  constructor(
    lines: readonly IniLine[],
    sources: ConfigSources,
    isKeyval: (line: IniLine) => boolean,
  ) {
    this.#lines = lines;
    this.#sources = sources;
    this.#isKeyval = isKeyval;
    for (const [index, { key, isInherited }] of lines.entries()) {
      // uWSGI reads what is inherited when all references are replaced.
      if (!this.#first.has(key) && !isInherited) this.#first.set(key, index);
    }
  }

  line(index: number): ExpandedLine {
    const known = this.#expanded.get(index);
    if (known !== undefined) return known;
    const line = this.#lines[index];
    const isFixed = line.isInherited || line.isLiteral;
    const expanded = isFixed ? unreplaced(line) : this.#expand(line, index);
    this.#expanded.set(index, expanded);
    return expanded;
  }

  #expand(line: IniLine, index: number): ExpandedLine {
    const unresolved: string[] = [];
    const uses: UsedReference[] = [];
    const brought: string[] = [];
    let from: string | undefined;
    const value = this.#replaced(line, {
      option: (name, written, extent) => {
        const told = isTellable(name) ? written : "%(…)";
        try {
          const found = this.#placeholder(name, index);
          if (found === undefined) {
            return sum(name, (part) => this.#placeholder(part, index)?.value);
          }
          unresolved.push(...found.unresolved);
          if (found.unknown !== undefined) unresolved.push(`${told}: ${found.unknown}`);
          uses.push({ written: told, line: found });
          brought.push(...found.brought);
          const { from, value } = found;
          if (from === undefined || extent !== "key" || found.unresolved.length > 0) return value;
          return this.#content(from, { written, line, extent });
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          unresolved.push(`${told}: ${error.message}`);
          return undefined;
        }
      },
      env: (name, written) => {
        const found = this.#sources.env(name);
        // Text that cannot be the name of a variable may be a part of a password.
        const told = /^[A-Z_][A-Z0-9_]*$/.test(name) ? written : "$(…)";
        if (found === undefined) unresolved.push(`${told}: this environment variable is not set`);
        else {
          uses.push({ written: told });
          brought.push(found);
        }
        return found;
      },
      file: (path, written, extent) => {
        const told = /[/.]/.test(path) ? written : "@(…)";
        try {
          const text = this.#content(path, { written, line, extent });
          this.files.set(path, written);
          uses.push({ written: told });
          brought.push(text.trim());
          if (extent === "all") from = path;
          return text;
        } catch (error) {
          unresolved.push(`${told}: ${errorMessage(error)}`);
          return undefined;
        }
      },
    });
    return { ...line, value, written: line.value, unresolved, uses, brought, from };
  }

  /** The line that a name stands for, from where line `index` is; undefined: there is none. */
  #placeholder(name: string, index: number): ExpandedLine | undefined {
    const place = this.#first.get(name);
    if (place === undefined) return undefined;
    this.used.add(name);
    if (place === index) throw new Invalid("its value would be a part of itself");
    if (place > index && this.#lines[place].value.includes("%(")) {
      throw new Invalid("its line is below and refers to others: move that line up");
    }
    return this.line(place);
  }

  /** The content of a file. @throws Error that says why it cannot be read */
  #content(
    path: string,
    { written, line, extent }: { written: string; line: IniLine; extent: Extent },
  ): string {
    const scheme = /^[a-z]+:\/\//.exec(path)?.[0];
    if (scheme !== undefined) throw new Error(`${scheme} is not read here: write it into a file`);
    if (extent !== "key" || !this.#isKeyval(line)) return this.#sources.readFile(path);
    const warn = (what: string) => {
      const { option } = problemOf(line, what);
      this.warnings.add(`${line.file}:${line.line}: ${option}: ${written}: ${what}`);
    };
    return escapeKeyval(readSecret(path, { ...this.#sources, warn }));
  }

  #replaced(line: IniLine, references: References): string {
    try {
      const { value } = expand(line.value, references);
      this.#length += Math.max(0, value.length - line.value.length);
      if (this.#length <= maxLength) return value;
      throw new Invalid("the references of all lines bring in more than 8 MiB");
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      throw problemAt(line, error.message);
    }
  }
}

/** A line of an inherited file, or a placeholder that was set, in which uWSGI replaces nothing. */
function unreplaced(line: IniLine): ExpandedLine {
  const { value } = line;
  const why = line.isInherited
    ? "in an inherited file uWSGI replaces no reference: right would be include"
    : "uWSGI replaces no reference in set-placeholder: right would be set";
  const signs = new Set([...value.matchAll(/([%$@])\([^()]*\)/g)].map(([, sign]) => sign));
  const unresolved = [...signs].map((sign) => `${sign}(…): ${why}`);
  return { ...line, written: value, unresolved, uses: [], brought: [] };
}

/** Splits `NAME REST`, the form of most options of a legion; without a REST it is undefined. */
export function splitName(value: string): [name: string, rest: string | undefined] {
  const match = /^(\S+)(?:\s+(.*))?$/s.exec(value);
  return [match?.[1] ?? "", match?.[2]];
}
