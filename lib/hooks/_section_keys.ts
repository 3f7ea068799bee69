import { closestString } from "@std/text/closest-string";
import { Invalid } from "../base/invalid.ts";
import type { KeyRow } from "../base/option_row.ts";
import { InvalidLines, type LineProblem, type SectionLine } from "../base/section.ts";

/** A key of a section. */
export interface SectionRow<Value = unknown> extends KeyRow<Value> {
  /** Whether the key may stand on several lines. */
  readonly repeats?: boolean;
}

/** A value with its line. */
export interface Given<Value> {
  /** The line. */
  readonly line: SectionLine;
  /** The value. */
  readonly value: Value;
}

/** The keys of a section; mistakes are gathered, and told all at once. */
export class SectionKeys {
  readonly #lines: readonly SectionLine[];
  readonly #problems: LineProblem[] = [];

  /** Takes the lines, of which there is at least one, and all keys that they may have. */
  constructor(lines: readonly SectionLine[], rows: readonly SectionRow[]) {
    this.#lines = lines;
    const names = rows.map(({ name }) => name);
    const seen = new Set<string>();
    for (const line of lines) {
      const row = rows.find(({ name }) => name === line.key);
      if (row === undefined) {
        this.problem(line, `there is no such key; did you mean ${closestString(line.key, names)}?`);
      } else if (seen.has(line.key) && !row.repeats) {
        this.problem(line, "the key is there twice");
      }
      seen.add(line.key);
    }
  }

  /** Takes note of a mistake. */
  problem({ file, line, key }: SectionLine, message: string): void {
    this.#problems.push({ file, line, key, message });
  }

  /** The values of all lines with a key that can be read. */
  all<Value>({ name, read }: Pick<SectionRow<Value>, "name" | "read">): Given<Value>[] {
    return this.#lines.filter(({ key }) => key === name).flatMap((line) => {
      try {
        return [{ line, value: read(line.value) }];
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        this.problem(line, error.message);
        return [];
      }
    });
  }

  /** The value of a key; undefined: it is not there, or wrong. */
  given<Value>(row: Pick<SectionRow<Value>, "name" | "read">): Value | undefined {
    return this.all(row)[0]?.value;
  }

  /** The value of a key that is required or has a default; undefined: it is missing, or wrong. */
  value<Value>(row: SectionRow<Value>): Value | undefined {
    if (this.#lines.some(({ key }) => key === row.name)) return this.given(row);
    if (row.default !== undefined) return row.read(row.default);
    const [{ file, line }] = this.#lines;
    const message = `the key ${row.name} is missing in this section`;
    this.#problems.push({ file, line, key: "", message });
    return undefined;
  }

  /** The first line with a key; undefined: there is none. */
  line(name: string): SectionLine | undefined {
    return this.#lines.find(({ key }) => key === name);
  }

  /** @throws InvalidLines with all mistakes, where there are any */
  end(): void {
    if (this.#problems.length > 0) throw new InvalidLines(this.#problems);
  }
}
