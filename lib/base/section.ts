import { Invalid } from "./invalid.ts";
import type { Place } from "./place.ts";

/** A line of a section that an action reads, its references replaced. */
export interface SectionLine extends Place {
  /** The key. */
  readonly key: string;
  /** The value. */
  readonly value: string;
  /** The value as the file has it, references not replaced: their values may be secret. */
  readonly written: string;
  /** The values that files and the environment brought in, which may be secrets. */
  readonly brought: readonly string[];
}

/** The parts of a configuration that an action may read besides its argument. */
export interface Sections {
  /** The name of the legion that the action is of. */
  readonly legion: string;
  /** The name of this node. */
  readonly node: string;
  /**
   * The lines of another section, of the file that the action's line is in, or else of another file
   * of the configuration; none: there is no such section.
   *
   * @throws InvalidLines where a reference in them has no value
   */
  readonly lines: (section: string) => readonly SectionLine[];
}

/** The mistake in a line of a section; the message holds nothing of the value. */
export interface LineProblem extends Place {
  /** The line's key. */
  readonly key: string;
  /** The reason in words. */
  readonly message: string;
}

/** Mistakes in lines other than the one that is being read, each told at its own place. */
export class InvalidLines extends Invalid {
  /** The mistakes; at least one. */
  readonly problems: readonly LineProblem[];

  /** Takes the mistakes. */
  constructor(problems: readonly LineProblem[]) {
    super(problems.map(({ message }) => message).join("; "));
    this.problems = problems;
  }
}
