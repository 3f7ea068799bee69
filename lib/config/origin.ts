import { type Place, placeIn } from "../base/place.ts";
import { namesOf } from "../base/option_row.ts";
import type { ExpandedLine } from "./_lines.ts";
import { splitName } from "./_lines.ts";
import type { OptionRow } from "./option.ts";

/** The line that a value of a configuration comes from, with all that stands behind it. */
export interface Origin extends Place {
  /** The option's name, as the file has it. */
  readonly option: string;
  /** The first word of the value: the legion, where the option is of one. */
  readonly name: string;
  /** The lines that brought the file in, the innermost first. */
  readonly via: readonly Place[];
  /** The references in the line, each with the place that its value is from, where that is a line. */
  readonly uses: readonly { readonly written: string; readonly place?: Place }[];
}

/** The origins of lines that are options, in their order. */
export function originsOf(lines: readonly ExpandedLine[]): Origin[] {
  return lines.map(({ key, value, file, line, via = [], uses }) => ({
    option: key,
    name: splitName(value)[0],
    file,
    line,
    via: via.map(({ file, line }) => ({ file, line })),
    uses: uses.map(({ written, line }) => ({
      written,
      ...line && { place: { file: line.file, line: line.line } },
    })),
  }));
}

/**
 * The origins of an option's value: the last line, or all of an option that repeats.
 *
 * @param legion the legion's name, where the option is of one
 */
export function originsOfOption(
  origins: readonly Origin[],
  { row, legion }: { readonly row: OptionRow; readonly legion?: string },
): Origin[] {
  const names = namesOf([row]);
  const found = origins.filter(({ option, name }) =>
    names.includes(option) && (row.scope === "global" || name === legion)
  );
  return row.scope === "repeated" ? found : found.slice(-1);
}

/** An origin in words, as one reads them in a text about `file`. */
export function originText(origin: Origin, file: string): string {
  const { via, uses } = origin;
  return [
    placeIn(file, origin),
    ...via.slice(0, 1).map((place) => `included from ${placeIn(file, place)}`),
    ...new Set(
      uses.map(({ written, place }) =>
        place === undefined ? written : `${written} of ${placeIn(file, place)}`
      ),
    ),
  ].join(", ");
}
