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
}

/**
 * The lines of a file in uWSGI's INI dialect, in their order (PROTOCOL.md, "INI dialect"): split at
 * the first `=`, both sides stripped; `;` or `#` begins a comment only at the start of a line; no
 * quoting, no comments behind a value. Lines before the first section are in the section "".
 */
export function parseIni(text: string, file: string): IniLine[] {
  const lines: IniLine[] = [];
  let section = "";
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith(";") || line.startsWith("#")) continue;
    const header = /^\[(.*)\]$/.exec(line);
    if (header !== null) {
      section = header[1].trim();
      continue;
    }
    const equals = line.indexOf("=");
    const key = equals < 0 ? line : line.slice(0, equals).trim();
    const value = equals < 0 ? "" : line.slice(equals + 1).trim();
    lines.push({ section, key, value, file, line: index + 1 });
  }
  return lines;
}
