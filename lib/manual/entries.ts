/** The names of the entries of a chapter: its headings of the second rank of one word, `## no-lord`. */
export function entryNames(chapter: string): string[] {
  return [...chapter.matchAll(/^## ([a-z]+(?:-[a-z]+)*)$/gm)].map(([, name]) => name);
}

/**
 * An entry of a chapter: from its heading to the next one; undefined: the chapter has none of that
 * name.
 *
 * @example
 * ```ts
 * entryOf("# All\n\n## no-lord\n\nLook.\n\n## more\n", "no-lord"); // "## no-lord\n\nLook.\n"
 * ```
 */
export function entryOf(chapter: string, name: string): string | undefined {
  const entry = chapter.split(/^(?=## )/m).find((part) => part.startsWith(`## ${name}\n`));
  return entry === undefined ? undefined : `${entry.trimEnd()}\n`;
}

/**
 * The item of a chapter's list that begins with a name and its colon, in code; undefined: none does.
 *
 * @example
 * ```ts
 * itemOf("Actions:\n\n- `cmd:COMMAND`, `exec:COMMAND`: run it\n- `log:TEXT`\n", "exec");
 * // "- `cmd:COMMAND`, `exec:COMMAND`: run it\n"
 * ```
 */
export function itemOf(chapter: string, name: string): string | undefined {
  const items = chapter.split(/^(?=- )|\n\n/m).filter((part) => part.startsWith("- "));
  const item = items.find((part) => {
    const [, names = ""] = /^- ((?:`[^`]+`(?:, | and )?)+)/.exec(part) ?? [];
    return names.includes(`\`${name}:`);
  });
  return item === undefined ? undefined : `${item.trimEnd()}\n`;
}

/**
 * The chapter's table of lines of the log, with the rows alone that are about this line; undefined:
 * none is. In a row's first cell `…` stands for anything, and figures and addresses for any.
 *
 * @example
 * ```ts
 * rowsAbout("## Lines of the log\n\n| a | b |\n| - | - |\n| `… for 1 s` | c |\n", "silent for 3 s");
 * // "| a | b |\n| - | - |\n| `… for 1 s` | c |\n"
 * ```
 */
export function rowsAbout(chapter: string, line: string): string | undefined {
  const [, table = ""] = chapter.split("\n## Lines of the log\n");
  const [header, rule, ...rows] = table.split("\n").filter((row) => row.startsWith("|"));
  const about = rows.filter((row) => {
    const [, first] = row.split("|");
    return [...first.matchAll(/`([^`]+)`/g)].some(([, said]) => patternOf(said).test(line));
  });
  return about.length === 0 ? undefined : `${[header, rule, ...about].join("\n")}\n`;
}

function patternOf(said: string): RegExp {
  const pattern = said.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll(/\d+(?:\\\.\d+){3}/g, "\\S+")
    .replaceAll(/\d+/g, "[\\d.]+")
    .replaceAll("…", ".*");
  return RegExp(pattern);
}
