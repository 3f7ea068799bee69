import { lexer, type Token, type Tokens } from "marked";
import { codeLine } from "./_code_line.ts";
import { entriesOf } from "./_entries.ts";
import { type Span, spansOf } from "./_spans.ts";

/** The way a chapter is shown. */
export interface TerminalLook {
  /** The width at which lines are broken between words, in characters. */
  readonly columns: number;
  /** Whether to use bold type and colours; without them Markdown's marks stay. */
  readonly styled: boolean;
}

// Whether there are colours is for the caller to say, and not for the environment.
const bold = (text: string) => `\u001b[1m${text}\u001b[22m`;
const cyan = (text: string) => `\u001b[36m${text}\u001b[39m`;

const plainLook: TerminalLook = { columns: 80, styled: false };

/** The least width of a table's last column, in characters: narrower, and its rows become entries. */
const leastColumn = 30;

/**
 * A chapter as a terminal or a pipe shows it: broken into lines, each link by its text alone, and
 * tables that are too wide as a list of their rows.
 *
 * @example
 * ```ts
 * onTerminal("see [the README](../README.md)"); // "see the README\n"
 * ```
 */
export function onTerminal(markdown: string, look: TerminalLook = plainLook): string {
  return blocks(lexer(markdown), look).map((line) => `${line.trimEnd()}\n`).join("");
}

/** A sentence of Markdown as one line, each link by its text alone. */
export function sentenceOnTerminal(markdown: string): string {
  return onTerminal(markdown, { columns: Infinity, styled: false }).trimEnd();
}

/** The lines of all blocks, with an empty one between two of them. */
function blocks(tokens: readonly Token[], look: TerminalLook): string[] {
  const parts = tokens.filter(({ type }) => type !== "space").map((token) => block(token, look));
  return parts.flatMap((lines, index) => index === 0 ? lines : ["", ...lines]);
}

function block(token: Token, look: TerminalLook): string[] {
  switch (token.type) {
    case "heading":
      return [heading(token as Tokens.Heading, look)];
    case "code":
      return (token as Tokens.Code).text.split("\n")
        .flatMap((line) => codeLine(line, look.columns - 2)).map((line) => `  ${line}`);
    case "list":
      return list(token as Tokens.List, look);
    case "table":
      return table(token as Tokens.Table, look);
    default:
      return broken(spansOf("tokens" in token ? token.tokens : [token]), look);
  }
}

function heading({ depth, tokens }: Tokens.Heading, { styled }: TerminalLook): string {
  const text = spansOf(tokens).map(({ text }) => text).join("");
  return styled ? bold(text) : `${"#".repeat(depth)} ${text}`;
}

function list({ items, ordered, start, loose }: Tokens.List, look: TerminalLook): string[] {
  const lines = items.map(({ tokens }, index) => {
    const mark = ordered ? `${Number(start) + index}. ` : "- ";
    return hung(mark, (narrower) => blocks(tokens, narrower), look);
  });
  return lines.flatMap((lines, index) => loose && index > 0 ? ["", ...lines] : lines);
}

/** Lines behind a mark, the others under the first one. */
function hung(
  mark: string,
  lines: (narrower: TerminalLook) => string[],
  look: TerminalLook,
): string[] {
  const indent = " ".repeat(mark.length);
  return lines({ ...look, columns: look.columns - mark.length })
    .map((line, index) => (index === 0 ? mark : indent) + line);
}

function table(table: Tokens.Table, look: TerminalLook): string[] {
  const { header, rows } = table;
  const heads = header.map(({ tokens }) => spansOf(tokens));
  const cells = rows.map((row) => row.map(({ tokens }) => spansOf(tokens)));
  const widths = heads.slice(0, -1).map((head, column) =>
    Math.max(...[head, ...cells.map((row) => row[column])].map((cell) => widthOf(cell, look)))
  );
  const used = widths.reduce((sum, width) => sum + width + 2, 0);
  if (look.columns - used < leastColumn) return listed(table, look);
  const all = [heads.map((spans) => spans.map(({ text }) => strong(text))), ...cells];
  return all.flatMap((row) => {
    const last = broken(row.at(-1)!, { ...look, columns: look.columns - used });
    const first = widths.map((width, column) => padded(row[column], width, look)).join("");
    return last.map((line, index) => (index === 0 ? first : " ".repeat(used)) + line);
  });
}

/** The rows of a table that is too wide, each as a title with lines below it. */
function listed(table: Tokens.Table, look: TerminalLook): string[] {
  const narrower = { ...look, columns: look.columns - 4 };
  return entriesOf(table).flatMap(({ title, said }) => {
    const heading = title.map((span) => span.style === "plain" ? strong(span.text) : span);
    const below = said.flatMap((spans) => broken(spans, narrower));
    return [...broken(heading, look), ...below.map((line) => `    ${line}`)];
  });
}

function strong(text: string): Span {
  return { text, style: "strong" };
}

function padded(cell: readonly Span[], width: number, look: TerminalLook): string {
  const [line] = broken(cell, { ...look, columns: Infinity });
  return (line ?? "") + " ".repeat(width - widthOf(cell, look) + 2);
}

function widthOf(cell: readonly Span[], { styled }: TerminalLook): number {
  return cell.reduce((sum, span) => sum + [...shown(span, styled)].length, 0);
}

/** The text of a span; without colours a code keeps its marks, since it may be a part of a sentence. */
function shown({ text, style }: Span, styled: boolean): string {
  return style === "code" && !styled ? `\`${text}\`` : text;
}

/** Spans as lines that are broken between words. There is at least one. */
function broken(spans: readonly Span[], { columns, styled }: TerminalLook): string[] {
  const lines = [""];
  let width = 0;
  for (const word of wordsOf(spans, styled)) {
    const length = word.reduce((sum, { text }) => sum + [...text].length, 0);
    const text = word.map((span) => styled ? painted(span) : span.text).join("");
    if (width > 0 && width + 1 + length > columns) {
      lines.push(text);
      width = length;
    } else {
      lines[lines.length - 1] += width === 0 ? text : ` ${text}`;
      width += (width === 0 ? 0 : 1) + length;
    }
  }
  return lines;
}

/** The words of a sentence, each with its parts in one style. */
function wordsOf(spans: readonly Span[], styled: boolean): Span[][] {
  const words: Span[][] = [[]];
  for (const span of spans) {
    for (const [index, text] of shown(span, styled).split(/\s+/).entries()) {
      if (index > 0) words.push([]);
      if (text !== "") words.at(-1)!.push({ ...span, text });
    }
  }
  return words.filter((word) => word.length > 0);
}

function painted({ text, style }: Span): string {
  return style === "plain" ? text : style === "strong" ? bold(text) : cyan(text);
}
