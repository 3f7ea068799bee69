import { printable } from "../base/printable.ts";
import type { Place } from "../base/place.ts";

/** One thing wrong with a configuration. */
export interface ConfigProblem extends Partial<Place> {
  /** The option (the key in the file) it is about, where it is about one. */
  readonly option?: string;
  /** What is wrong, and what would be right. Never holds a secret. */
  readonly message: string;
}

/**
 * A configuration that cannot be used. Holds every problem found, not only the first; its message
 * has one line a problem: `FILE:LINE: OPTION: MESSAGE`.
 */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  /** @param problems At least one. */
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(line).join("\n"));
  }
}

function line({ file, line, option, message }: ConfigProblem): string {
  const place = file === undefined ? [] : [line === undefined ? file : `${file}:${line}`];
  // A path may hold a line break.
  return printable([...place, ...(option === undefined ? [] : [option]), message].join(": "));
}
