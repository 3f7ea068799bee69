import { InvalidLines } from "../base/section.ts";
import type { IniLine } from "./ini.ts";
import { type ExpandedLine, type ExpandedLines, expandLines } from "./_lines.ts";
import type { ConfigSources } from "./sources.ts";

/** The lines of a configuration, references not replaced. */
interface RawLines {
  /** The lines that are options. */
  readonly main: readonly IniLine[];
  /** The lines of the sections that actions may read. */
  readonly apart: readonly IniLine[];
}

/**
 * The sections that actions read (`[http NAME]`). References are replaced in them as in all lines;
 * placeholders are those of the configuration, and then the section's own keys.
 */
export class ActionSections {
  readonly #raw: RawLines;
  readonly #sources: ConfigSources;
  readonly #read = new Map<string, ExpandedLines>();

  /** Takes the lines; nothing is replaced yet. */
  constructor(raw: RawLines, sources: ConfigSources) {
    this.#raw = raw;
    this.#sources = sources;
  }

  /** The sections that were asked for, each with all that was replaced in it. */
  get read(): readonly ExpandedLines[] {
    return [...this.#read.values()];
  }

  /**
   * The lines of a section; none: there is no such section.
   *
   * @param file the file whose section of that name comes first
   * @throws InvalidLines where a reference in them has no value
   */
  lines(name: string, file: string): readonly ExpandedLine[] {
    const key = `${file}\n${name}`;
    const found = this.#read.get(key) ?? this.#expanded(name, file);
    this.#read.set(key, found);
    const problems = found.lines.flatMap(({ unresolved, unknown, file, line, key }) =>
      [...unresolved, ...unknown === undefined ? [] : [unknown]]
        .map((message) => ({ file, line, key, message }))
    );
    if (problems.length > 0) throw new InvalidLines(problems);
    return found.lines;
  }

  #expanded(name: string, file: string): ExpandedLines {
    const { main, apart } = this.#raw;
    const named = apart.filter(({ section }) => section.split(/\s+/).join(" ") === name);
    const from = named.some((line) => line.file === file) ? file : named[0]?.file;
    const lines = named.filter((line) => line.file === from);
    const all = expandLines([...main, ...lines], this.#sources);
    return { ...all, lines: all.lines.slice(main.length) };
  }
}
