/**
 * A chapter as a terminal shows it: the Markdown as it stands, each link by its text alone.
 *
 * @example
 * ```ts
 * onTerminal("see [the README](../README.md)"); // "see the README"
 * ```
 */
export function onTerminal(markdown: string): string {
  return markdown.replaceAll(/(?<!!)\[([^[\]]+)\]\([^()\s]+\)/g, "$1");
}
