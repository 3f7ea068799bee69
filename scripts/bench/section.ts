import type { Executable } from "./executable.ts";

/** The programs whose figures stand side by side. */
export type Contender = "failover" | "uwsgi" | "keepalived" | "curl";

/** The unit of samples; `×` is a ratio, an empty one a count. */
export type Unit = "s" | "ms" | "µs" | "%" | "MiB" | "×" | "";

/** The measurements of one contender. */
export interface Figure {
  /** The program measured. */
  readonly contender: Contender;
  /** The unit of the samples. */
  readonly unit: Unit;
  /** The samples, one a run, at least one. Infinity: the event never came. */
  readonly samples: readonly number[];
}

/** The limit that a row must keep. */
export interface Limit {
  /** The limit as the table shows it: `median ≤ 20 ms`. */
  readonly text: string;
  /** Whether the limit holds for the samples of `failover`, in their unit. */
  readonly holds: (samples: readonly number[]) => boolean;
}

/** One line of the table. */
export interface Row {
  /** The event measured: `SIGKILL of the lord → POST`. */
  readonly what: string;
  /** The settings: `freq 1, tolerance 3`. */
  readonly setting: string;
  /** The figures, at most one a contender. */
  readonly figures: readonly Figure[];
  /** The limit for `failover`; undefined: none. */
  readonly limit?: Limit;
}

/** The wishes and tools for measuring. */
export interface BenchOptions {
  /** The number of runs, where a measurement is repeated. */
  readonly runs: number;
  /** Whether to leave out measurements of minutes. */
  readonly quick: boolean;
  /** For how many minutes to watch whether a legion stays calm beside a busy core; 0: not at all. */
  readonly minutes: number;
  /** Whether a row is asked for (`--only`); must be called before measuring it. */
  readonly wants: (what: string, setting: string) => boolean;
  /** Reports progress to the user. */
  readonly progress: (line: string) => void;
  /** Puts a line below the table: a measurement left out and why, or the meaning of a figure. */
  readonly note: (line: string) => void;
  /** The program as a user has it. */
  readonly executable: Executable;
  /** Aborted when the bench is interrupted; must be heeded between two runs. */
  readonly signal: AbortSignal;
}

/** A part of the bench. */
export interface Section {
  /** The name, for progress. */
  readonly name: string;
  /**
   * Measures the rows, in the order of the table; rows that cannot be measured here are left out.
   */
  readonly measure: (options: BenchOptions) => Promise<Row[]>;
}
