import { closestString } from "@std/text/closest-string";
import { Invalid } from "./invalid.ts";
import { parseKeyval } from "./keyval.ts";
import { type KeyRow, namesOf } from "./option_row.ts";

/** A keyval list whose keys are known, and what its values say. */
export class Pairs {
  readonly #pairs: ReadonlyMap<string, string>;

  /** @throws Invalid when it is no keyval list, or a key is not one of `keys` */
  constructor(text: string, keys: readonly string[]) {
    this.#pairs = parsed(text);
    for (const key of this.#pairs.keys()) {
      if (keys.includes(key)) continue;
      const nearest = closestString(key, [...keys]);
      throw new Invalid(
        `a key is not known: did you mean ${nearest}? A comma in a value is written "\\,"`,
      );
    }
  }

  /** A value, as it is. */
  get(key: string): string | undefined {
    return this.#pairs.get(key);
  }

  /** A value that must be there, under one of these names. @throws Invalid */
  required(...names: string[]): string {
    const value = names.map((name) => this.get(name)).find((value) => value !== undefined);
    if (value) return value;
    throw new Invalid(`the key ${names.join(" (or ")}${names[1] ? ")" : ""} is missing`);
  }

  /** Reads a value, or takes another where there is none. @throws Invalid which names the key */
  read<T>(key: string, parse: (value: string) => T, otherwise: T): T {
    const value = this.get(key);
    return value === undefined ? otherwise : about(key, () => parse(value));
  }

  /** Reads the value of a key that may be left out; undefined where it is. @throws Invalid */
  given<T>(row: KeyRow<T>): T | undefined {
    const value = namesOf([row]).map((name) => this.get(name)).find((value) => value !== undefined);
    return value === undefined ? undefined : about(row.name, () => row.read(value));
  }

  /** Reads the value of a key that is required, or has a default. @throws Invalid */
  value<T>(row: KeyRow<T>): T {
    const { default: usual } = row;
    if (usual !== undefined) return this.given(row) ?? row.read(usual);
    this.required(...namesOf([row]));
    return this.given(row) as T;
  }
}

/** Puts a key before what is wrong with its value. @throws Invalid */
export function about<T>(key: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Invalid) || error.message.startsWith("the key")) throw error;
    throw new Invalid(`${key}: ${error.message}`);
  }
}

function parsed(text: string): Map<string, string> {
  try {
    return parseKeyval(text);
  } catch (error) {
    throw new Invalid((error as SyntaxError).message);
  }
}
