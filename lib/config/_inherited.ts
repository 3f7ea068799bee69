import { ConfigFiles, type FileSection } from "./_files.ts";
import type { IniLine } from "./ini.ts";
import { type ExpandedLine, type ExpandedLines, expandLines } from "./_lines.ts";
import { problemAt } from "./_problem.ts";
import { ActionSections } from "./_sections.ts";
import type { ConfigSources } from "./sources.ts";

/** All lines of a configuration, and the files that they came from. */
export interface ConfigLines extends ExpandedLines {
  /** The paths of the files that were read as a part of the configuration, each once. */
  readonly read: readonly string[];
  /** The sections that actions may read. */
  readonly sections: ActionSections;
}

/**
 * Reads a configuration's file and all that it includes, replaces the references, and then reads the
 * files that are inherited, as uWSGI does: their lines come last, and no reference in them is
 * replaced.
 *
 * @param isKeyval whether the value of a line is a keyval list
 * @throws ConfigError when a file cannot be read or evaluated
 */
export function linesOf(
  from: FileSection,
  { sources, isKeyval }: {
    readonly sources: ConfigSources;
    readonly isKeyval?: (line: IniLine) => boolean;
  },
): ConfigLines {
  const files = new ConfigFiles(sources);
  const main = files.read(from);
  const sections = new ActionSections({ main, apart: files.apart }, sources);
  const expanded = expandLines(main, sources, isKeyval);
  const lines: ExpandedLine[] = [];
  const parts = [expanded.lines];
  for (const part of parts) {
    for (const line of part) {
      if (line.key !== "inherit") lines.push(line);
      else parts.push(expandLines(inherited(line, files), sources).lines);
    }
  }
  return {
    ...expanded,
    lines,
    warnings: [...files.warnings, ...expanded.warnings],
    read: files.files,
    sections,
  };
}

function inherited(line: ExpandedLine, files: ConfigFiles): IniLine[] {
  const [wrong = line.unknown] = line.unresolved;
  if (wrong !== undefined) throw problemAt(line, wrong);
  return files.inherit(line, line.value);
}
