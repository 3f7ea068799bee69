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
