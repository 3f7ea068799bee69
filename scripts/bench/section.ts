import type { Executable } from "./executable.ts";

/** Whose figures stand side by side. */
export type Contender = "failover" | "uwsgi" | "keepalived" | "curl";

/** The unit of samples; `×` is a ratio, and an empty one counts something. */
export type Unit = "s" | "ms" | "µs" | "%" | "MiB" | "×" | "";

/** What was measured of one contender. */
export interface Figure {
  readonly contender: Contender;
  readonly unit: Unit;
  /** One a run; not empty. Infinity: it never came to that. */
  readonly samples: readonly number[];
}

/** What a row has to show. */
export interface Limit {
  /** As the table says it: `median ≤ 20 ms`. */
  readonly text: string;
  /** Whether it holds for the samples of `failover`, in their unit. */
  readonly holds: (samples: readonly number[]) => boolean;
}

/** One line of the table. */
export interface Row {
  /** What is measured: `SIGKILL of the lord → POST`. */
  readonly what: string;
  /** With which settings: `freq 1, tolerance 3`. */
  readonly setting: string;
  /** At most one a contender. */
  readonly figures: readonly Figure[];
  readonly limit?: Limit;
}

/** How to measure. */
export interface BenchOptions {
  /** How often, where it is measured more than once. */
  readonly runs: number;
  /** Leave out what takes minutes. */
  readonly quick: boolean;
  /** Whether a row is asked for (`--only`): to be put before it is measured. */
  readonly wants: (what: string, setting: string) => boolean;
  /** Says what is being done, while it is. */
  readonly progress: (line: string) => void;
  /** Puts a line below the table: what was left out and why, what a figure means. */
  readonly note: (line: string) => void;
  /** The program as a user has it. */
  readonly executable: Executable;
  /** Aborted when the bench is interrupted: to be heeded between two runs. */
  readonly signal: AbortSignal;
}

/** A part of the bench. */
export interface Section {
  readonly name: string;
  /** Its rows, in the order of the table; those that cannot be measured here are left out. */
  readonly measure: (options: BenchOptions) => Promise<Row[]>;
}
