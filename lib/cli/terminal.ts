import { stripAnsiCode } from "@std/fmt/colors";

// A terminal that tells no width, or next to none, gets lines of so many characters.
const narrowest = 40;

/** The width of standard output in characters, where that is a terminal; else Infinity. */
export function outputColumns(): number {
  return Deno.stdout.isTerminal() ? Math.max(Deno.consoleSize().columns, narrowest) : Infinity;
}

/** The size of a terminal, in characters. */
export interface TerminalSize {
  /** The characters in a row. */
  readonly columns: number;
  /** The rows. */
  readonly rows: number;
}

/**
 * The beginning of a text, so much of it as a terminal shows without scrolling: its first lines stay
 * in sight. The last row tells how many lines are left out.
 *
 * @param text lines, each with its end, which may have colours
 */
export function onScreen(text: string, { columns, rows }: TerminalSize): string {
  const lines = text.replace(/\n$/, "").split("\n");
  const heights = lines.map((line) => Math.max(Math.ceil(stripAnsiCode(line).length / columns), 1));
  // The cursor stands in a row of its own, below the text.
  const room = rows - 1;
  if (heights.reduce((sum, height) => sum + height, 0) <= room) return text;
  let used = 0;
  const shown = lines.filter((_, index) => (used += heights[index]) < room);
  const left = lines.length - shown.length;
  // A colour that began in a line that is shown may end in one that is not.
  return [...shown, `\u001b[0m(${left} more lines: failover status)`, ""].join("\n");
}
