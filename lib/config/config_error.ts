import { printable } from "../base/printable.ts";
import type { Place } from "../base/place.ts";

/** One thing wrong with a configuration. */
export interface ConfigProblem extends Partial<Place> {
  /** The option (the key in the file) that the problem is about; undefined: about none. */
  readonly option?: string;
  /** The mistake, and the right form. Never holds a secret. */
  readonly message: string;
  /** The lines that brought the file in, the innermost first; undefined: none. */
  readonly via?: readonly Place[];
}

/**
 * A configuration that cannot be used. Holds every problem found, not only the first; the message
 * has one line a problem: `FILE:LINE: OPTION: MESSAGE`.
 */
export class ConfigError extends Error {
  /** Always `ConfigError`. */
  override readonly name = "ConfigError";

  /**
   * Makes one line of the message for each problem.
   *
   * @param problems all that is wrong, at least one
   */
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(line).join("\n"));
  }
}

function line({ file, line, option, message, via = [] }: ConfigProblem): string {
  const place = file === undefined ? [] : [line === undefined ? file : `${file}:${line}`];
  // A path may hold a line break.
  const told = [...place, ...(option === undefined ? [] : [option]), message].join(": ");
  return printable(
    `${told}${via.map(({ file, line }) => `, included from ${file}:${line}`).join("")}`,
  );
}
