/**
 * A row of a table of options or of the keys of a keyval list: all that users are told of one name.
 * Error messages, `failover help` and the manual's tables derive from such rows.
 */
export interface DescribedRow {
  /** The name as a file has it: `legion-quorum`, `timeout`. */
  readonly name: string;
  /** Other names for the same thing, such as uWSGI's. */
  readonly aliases?: readonly string[];
  /** The form of the value: `SECONDS`, `immediate, delay SECONDS or manual`. */
  readonly form: string;
  /** The unit of the value, in words: `seconds`, `bytes`. */
  readonly unit?: string;
  /** The value that holds where a file has none, as a file would have it. */
  readonly default?: string;
  /** In words what holds where a file has none and there is no default: `3 × timeout`. */
  readonly otherwise?: string;
  /** The meaning in one line, in Markdown, for the manual and for `failover help`. */
  readonly help: string;
}

/** A key of a keyval list, as in `legion-check` or behind the name of an action. */
export interface KeyRow<Value = unknown> extends DescribedRow {
  /** Whether the list must have the key. */
  readonly required?: boolean;
  /** Reads the value; throws an error that says what would be right. */
  readonly read: (text: string) => Value;
}

/** All names in a table, the aliases too, in the order of the rows. */
export function namesOf(rows: readonly Pick<DescribedRow, "name" | "aliases">[]): string[] {
  return rows.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
}
