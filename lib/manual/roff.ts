import { lexer, type Token, type Tokens } from "marked";
import { codeLine } from "./_code_line.ts";
import { entriesOf } from "./_entries.ts";
import { type Span, spansOf } from "./_spans.ts";

/** A section of a man page: Markdown below a title, or plain text. */
export type ManSection =
  & { readonly title: string }
  & ({ readonly markdown: string } | { readonly parts: readonly ManPart[] });

/** A part of a section with a title of its own, whose text is that of a command's help. */
export interface ManPart {
  /** The title. */
  readonly title: string;
  /** The text, of paragraphs, and of options and examples two columns to the right. */
  readonly text: string;
}

/** A man page. */
export interface ManPage {
  /** The page's name, as `failover`. */
  readonly name: string;
  /** The number of the manual's section. */
  readonly section: 1 | 5;
  /** The program's version. */
  readonly version: string;
  /** All sections, in their order. */
  readonly sections: readonly ManSection[];
}

/** The width of a terminal without what man leaves free before a line of code. */
const codeColumns = 70;

/** A man page in the language of man(7), which `man -l` shows. */
export function roff({ name, section, version, sections }: ManPage): string {
  const title = `.TH ${quoted(name.toUpperCase())} ${section} "" ${quoted(`failover ${version}`)}`;
  // Neither hyphens nor wider spaces in a line: commands are copied from here.
  return [title, ".nh", ".ad l", ...sections.flatMap(sectionLines)].map((line) => `${line}\n`).join(
    "",
  );
}

function sectionLines(section: ManSection): string[] {
  const head = `.SH ${quoted(section.title.toUpperCase())}`;
  if ("markdown" in section) return [head, ...blocks(lexer(section.markdown))];
  const parts = section.parts.flatMap(({ title, text }) => [
    `.SS ${quoted(title)}`,
    ...text.trimEnd().split("\n\n").flatMap(plainBlock),
  ]);
  return [head, ...parts];
}

function blocks(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => {
    switch (token.type) {
      case "space":
        return [];
      case "heading":
        return heading(token as Tokens.Heading);
      case "code":
        return [".RS 2", ...asItStands((token as Tokens.Code).text), ".RE"];
      case "list":
        return list(token as Tokens.List);
      case "table":
        return table(token as Tokens.Table);
      default:
        return [".PP", line(spansOf("tokens" in token ? token.tokens : [token]))];
    }
  });
}

/** The first rank is the section's own title. */
function heading({ depth, tokens }: Tokens.Heading): string[] {
  const text = spansOf(tokens).map(({ text }) => text).join("");
  return depth === 1 ? [] : [`.SS ${quoted(text)}`];
}

function list({ items, ordered, start }: Tokens.List): string[] {
  const lines = items.flatMap(({ tokens }, index) => {
    const mark = ordered ? `${Number(start) + index}. 3` : "\\(bu 2";
    const [first, ...more] = tokens.filter(({ type }) => type !== "space");
    return [
      `.IP ${mark}`,
      ...first === undefined ? [] : blocks([first]).filter((line) => line !== ".PP"),
      ...more.length === 0 ? [] : [".RS 3", ...blocks(more), ".RE"],
    ];
  });
  return [...lines, ".PP"];
}

/** A table as a list of its rows, since a page may be of any width. */
function table(table: Tokens.Table): string[] {
  const lines = entriesOf(table).flatMap(({ title, said }) => {
    const below = said.flatMap((spans, index) => [...index > 0 ? [".br"] : [], line(spans)]);
    return [".TP", line(title), ...below];
  });
  return [...lines, ".PP"];
}

/**
 * A paragraph of a command's help: its sentences, then its options, each with what it does behind two
 * spaces or more and in lines further to the right, or its examples.
 */
function plainBlock(text: string): string[] {
  const rows = text.split("\n");
  const sentences = rows.filter((row) => !row.startsWith(" "));
  const below = rows.filter((row) => row.startsWith(" "));
  const items = below.join("\n").split(/\n(?= {2}\S)/).filter((item) => item !== "")
    .map((item) => item.trim().split(/ {2,}|\n +/));
  const areOptions = items.some(([tag, said]) => tag.startsWith("-") && said !== undefined);
  return [
    ...sentences.length === 0 ? [] : [".PP", ...sentences.map(escaped)],
    ...items.length === 0
      ? []
      : areOptions
      ? items.flatMap(([tag, ...said]) => [".TP", `\\fB${inner(tag)}\\fR`, ...said.map(escaped)])
      // Commands are copied from here: none is broken in two on a terminal of 80 columns.
      : [".PP", ".in 2n", ".nf", ...below.map((row) => escaped(row.slice(2))), ".fi"],
  ];
}

function asItStands(text: string): string[] {
  const lines = text.split("\n").flatMap((line) => codeLine(line, codeColumns));
  return [".nf", ...lines.map(escaped), ".fi"];
}

function line(spans: readonly Span[]): string {
  const text = spans.map(({ text, style }) => {
    const safe = inner(text.replaceAll(/\s+/g, " "));
    return style === "plain" ? safe : `\\fB${safe}\\fR`;
  }).join("");
  return guarded(text);
}

function escaped(text: string): string {
  return guarded(inner(text));
}

function inner(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("'", "\\(aq")
    .replaceAll("`", "\\(ga").replaceAll("^", "\\(ha").replaceAll("~", "\\(ti");
}

/** A line that begins with a dot would be a request. */
function guarded(text: string): string {
  return text.startsWith(".") ? `\\&${text}` : text;
}

function quoted(text: string): string {
  return `"${inner(text).replaceAll('"', "\\(dq")}"`;
}
