// The project's own reader, since @std/ini does not fit: that keeps one value a key, strips quotes
// and turns 007 into 7. In uWSGI's files keys repeat, their order matters, and values are literal.
import type { Place } from "../base/place.ts";

/** One `key = value` line. */
export interface IniLine extends Place {
  /** The section that the line is in; empty before the first one. */
  readonly section: string;
  /** The key, stripped of white space; the whole line where it has no `=`. */
  readonly key: string;
  /** The value, stripped of white space; empty for a line without `=`. */
  readonly value: string;
  /** The letters behind a `%` that were replaced, or have vanished; undefined: none. */
  readonly letters?: string;
  /** The value before that. */
  readonly raw?: string;
  /** The reason why the line cannot be told here; undefined: it can. */
  readonly unknown?: string;
  /** The lines that brought the file in, the innermost first; undefined: none. */
  readonly via?: readonly Place[];
  /** Whether the file is inherited: uWSGI replaces no reference in it. */
  readonly isInherited?: boolean;
  /** Whether it is a placeholder of set-placeholder, in which uWSGI replaces no reference. */
  readonly isLiteral?: boolean;
  /** The files that are being read where a line inherits another. */
  readonly open?: readonly string[];
}

/**
 * The lines of a file in uWSGI's INI dialect, in their order (PROTOCOL.md, "INI dialect"): split at
 * the first `=`, both sides stripped; `;` or `#` begins a comment only at the start of a line; no
 * quoting, no comments behind a value. Lines before the first section are in the section "". A line
 * that begins with `[` is a section's, whatever its end.
 */
export function parseIni(text: string, file: string): IniLine[] {
  const lines: IniLine[] = [];
  let section = "";
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith(";") || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      section = line.slice(1, -1).trim();
      continue;
    }
    const equals = line.indexOf("=");
    const key = equals < 0 ? line : line.slice(0, equals).trim();
    const value = equals < 0 ? "" : line.slice(equals + 1).trim();
    lines.push({ section, key, value, file, line: index + 1 });
  }
  return lines;
}
