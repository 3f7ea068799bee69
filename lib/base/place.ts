/** A place in a configuration file, for messages. */
export interface Place {
  /** The path of the file, as given. */
  readonly file: string;
  /** The line, counted from 1. */
  readonly line: number;
}
