/** Thrown when a value of a file is not of the form it should have; the message says which. */
export class Misshapen extends Error {}

/** Reads a value of JSON as a certain form. */
export type Read<T> = (value: unknown) => T;

/**
 * The fields of a file, an object in JSON whose field `version` says in which form they are.
 *
 * @param version the form to expect
 * @throws Misshapen when it is another, or no JSON
 */
export function readFields(source: string, version: number): Fields {
  const fields = new Fields(parseJson(source));
  const found = fields.get("version", number);
  if (found === version) return fields;
  throw new Misshapen(`it is of form ${found}, and this program knows form ${version}`);
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw new Misshapen(source === "" ? "it is empty" : "it is torn");
  }
}

/** The fields of an object by name, read one by one. */
export class Fields {
  readonly #fields: Readonly<Record<string, unknown>>;

  /** @throws Misshapen when the value is no object */
  constructor(value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new Misshapen("it is no object");
    }
    this.#fields = value as Record<string, unknown>;
  }

  /** @throws Misshapen when the field is not of the form that `read` knows */
  get<T>(name: string, read: Read<T>): T {
    try {
      return read(Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined);
    } catch (error) {
      if (error instanceof Misshapen) throw new Misshapen(`${name}: ${error.message}`);
      throw error;
    }
  }

  /** As {@link Fields.get}; undefined where there is no such field. */
  optional<T>(name: string, read: Read<T>): T | undefined {
    return Object.hasOwn(this.#fields, name) ? this.get(name, read) : undefined;
  }

  /** As {@link Fields.get}, of a list. */
  list<T>(name: string, read: Read<T>): T[] {
    return this.get(name, (value) => listOf(value, read));
  }
}

/** Reads a list. */
export function listOf<T>(value: unknown, read: Read<T>): T[] {
  if (!Array.isArray(value)) throw new Misshapen("it is no list");
  return value.map(read);
}

/** Reads a text. */
export function text(value: unknown): string {
  if (typeof value !== "string") throw new Misshapen("it is no text");
  return value;
}

/** Reads a uuid as the protocol has it: 36 characters, one a byte. */
export function uuid(value: unknown): string {
  const is = typeof value === "string" && /^[\0-\xff]{36}$/.test(value);
  if (!is) throw new Misshapen("it is no uuid");
  return value;
}

/** Reads a finite number. */
export function number(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Misshapen("it is no number");
  return value;
}

// The last moment that a `Date` can tell, in milliseconds since 1970.
const lastMs = 8.64e15;

/** Reads a time of the wall clock, in milliseconds since 1970, that can be told as a date. */
export function timeOfDay(value: unknown): number {
  const ms = number(value);
  if (ms < 0 || ms > lastMs) throw new Misshapen("it is no time since 1970");
  return ms;
}

/** Reads a whole number from 0. */
export function whole(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new Misshapen("it is no whole number from 0");
  }
  return value as number;
}

/** Reads a number, or null for Infinity, which JSON does not know. */
export function numberOrNever(value: unknown): number {
  return value === null ? Infinity : number(value);
}

/** Reads one of some texts. */
export function oneOf<T extends string>(...choices: readonly T[]): Read<T> {
  return (value) => {
    const choice = choices.find((choice) => choice === value);
    if (choice === undefined) throw new Misshapen(`it is none of ${choices.join(", ")}`);
    return choice;
  };
}

/** Reads true or false. */
export function flag(value: unknown): boolean {
  if (typeof value !== "boolean") throw new Misshapen("it is neither true nor false");
  return value;
}
