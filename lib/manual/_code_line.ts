/**
 * A line of code as it fits into a page: a comment behind a command that makes it too long goes above
 * it, and the command stays whole.
 *
 * @param columns the width, in characters
 */
export function codeLine(line: string, columns: number): string[] {
  const [, command, comment] = /^(\s*\S.*?)\s{2,}(# .*)$/.exec(line) ?? [];
  return comment === undefined || line.length <= columns ? [line] : [comment, command];
}
