import type { Address } from "../base/address.ts";
import type { DescribedRow, KeyRow } from "../base/option_row.ts";
import type { Place } from "../base/place.ts";
import type { ActionKinds } from "./hook.ts";

/**
 * The legions that an option holds for, and the lines that count: `global`, all legions (`KEY =
 * VALUE`, the last line counts); `legion`, one of them (`KEY = NAME VALUE`, the last line counts);
 * `repeated`, one of them, and all lines count.
 */
export type Scope = "global" | "legion" | "repeated";

/** A new value that a node takes over only when it is started anew. */
export interface NeedsRestart {
  /** The change in words, for the log: `another legion-auth`. */
  readonly restart: string;
  /** Whether a change needs the restart; without this function, every change does. */
  when?(before: unknown, after: unknown): boolean;
}

/** One option of a configuration file, with all that documents and messages tell of it. */
export interface OptionRow extends DescribedRow {
  /** The legions that the option holds for, and the lines that count. */
  readonly scope: Scope;
  /** A line with the option that is right in a legion `failover`, and changes something. */
  readonly example: string;
  /** The effect of a reload (SIGHUP) on a node that runs. */
  readonly reload: "in place" | NeedsRestart;
  /**
   * Whether the value is a number of which uWSGI reads all up to its first other character: the rest
   * is left out here too, with a warning.
   */
  readonly leadingNumber?: true;
  /** The keys of the value, where it is a keyval list. */
  readonly keys?: readonly KeyRow[];
  /** Whether a `$(…)` that has no value is left to a shell, by the value of the option. */
  readonly asksShell?: (value: string, kinds: ActionKinds) => boolean;
}

/** The whole line that sets an option, in the words of the manual. */
export function syntaxOf({ name, scope, form }: OptionRow): string {
  return `${name} = ${scope === "global" ? "" : "NAME "}${form}`;
}

/** The other values that a value is checked against while it is read. */
export interface Around {
  /** The `legion-tolerance`, in milliseconds. */
  readonly toleranceMs: number;
  /** The `legion-scroll-max-size`, in bytes. */
  readonly scrollMaxSize: number;
  /** The own address of the legion; undefined where its own line is wrong. */
  readonly address?: Address;
  /** Whether the own address is a node's too (`legion-mcast`). */
  readonly isNode?: boolean;
}

/** The line that a value is read from. */
export interface OptionLine extends Place {
  /** The value before references were replaced. */
  readonly written: string;
}

/** The form in which `--check-config` shows a field. */
export interface Shown<Field> {
  /** The label before each line, at most 10 characters. */
  readonly label: string;
  /** The field in words: one line, several that each get the label, or none. */
  text(field: Field, beside: { readonly releaseMs: number }): string | readonly string[];
}

/** An option that fills a field of the configuration. */
export interface FieldRow<Value, Field> extends OptionRow {
  /** The form of the field; `apart`: lib/config/describe.ts shows it together with another one. */
  readonly shown: Shown<Field> | "apart";
  /**
   * Reads the value of one line, a legion's name taken away.
   *
   * @throws Invalid when the value is wrong
   */
  read(text: string, around: Around, line: OptionLine): Value;
  /** Makes the field from the values of all lines, of which there may be none. */
  fill(values: readonly Value[], around: Around): Field;
}

type Fields<Rows> = {
  readonly [Name in keyof Rows]: Rows[Name] extends { fill(...args: never[]): infer Field } ? Field
    : never;
};

type WithoutDefault<Rows> = {
  [Name in keyof Rows]: undefined extends Fields<Rows>[Name] ? Name : never;
}[keyof Rows];

/**
 * The fields of a configuration by the rows of their names. Where a field has no default, it may be
 * left out.
 */
export type FieldsOf<Rows> =
  & Fields<Pick<Rows, Exclude<keyof Rows, WithoutDefault<Rows>>>>
  & Partial<Fields<Pick<Rows, WithoutDefault<Rows>>>>;

/** The fields of those rows that hold for all legions. */
export type GlobalsOf<Rows> = FieldsOf<
  { [Name in keyof Rows as Rows[Name] extends { scope: "global" } ? Name : never]: Rows[Name] }
>;

/** Rows by the names of their fields. */
export type FieldRows = Readonly<Record<string, FieldRow<unknown, unknown>>>;

/** Each field with its row, in their order. */
export function rowsOf<Rows extends FieldRows>(
  rows: Rows,
): [field: keyof Rows & string, row: FieldRow<unknown, unknown>][] {
  return Object.entries(rows) as [keyof Rows & string, FieldRow<unknown, unknown>][];
}

type Global = { readonly scope: "global" };
type Written<Value, Field> = Omit<FieldRow<Value, Field>, "scope" | "fill" | "default">;
type OrDefault<Value, Default> = undefined extends Default ? Value | undefined : Value;

/** A row for an option that holds for all legions, or for the node. */
export function global<Value, Default extends string | undefined = undefined>(
  row: Written<Value, OrDefault<Value, Default>> & { readonly default?: Default },
): FieldRow<Value, OrDefault<Value, Default>> & Global {
  return { ...row, scope: "global", fill: lastOf(row) };
}

/** A row for an option of one legion, of which the last line counts. */
export function ofLegion<Value, Default extends string | undefined = undefined>(
  row: Written<Value, OrDefault<Value, Default>> & { readonly default?: Default },
): FieldRow<Value, OrDefault<Value, Default>> {
  return { ...row, scope: "legion", fill: lastOf(row) };
}

/** A row for an option of one legion, of which all lines count. */
export function repeated<Value>(
  row: Written<Value, readonly Value[]> & Pick<FieldRow<Value, readonly Value[]>, "fill">,
): FieldRow<Value, readonly Value[]> {
  return { ...row, scope: "repeated" };
}

/** The last of the values, else the default, which is read as if it stood in the file. */
function lastOf<Value, Default extends string | undefined>(
  row: Pick<FieldRow<Value, never>, "read"> & { readonly default?: Default },
) {
  return (values: readonly Value[], around: Around) => {
    const { default: usual } = row;
    const nowhere = { file: "", line: 0, written: usual ?? "" };
    const value = values.at(-1) ??
      (usual === undefined ? undefined : row.read(usual, around, nowhere));
    return value as OrDefault<Value, Default>;
  };
}
