import { closestString } from "@std/text/closest-string";
import { Invalid } from "./invalid.ts";
import { parseKeyval } from "./keyval.ts";
import { type KeyRow, namesOf } from "./option_row.ts";
import type { SecretReader } from "./secret_file.ts";

/** A keyval list whose keys are known. */
export class Pairs {
  readonly #pairs: ReadonlyMap<string, string>;

  /**
   * Splits the list; the values are read later.
   *
   * @param keys all keys that the list may have
   * @throws Invalid when the text is no keyval list, or has another key
   */
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

  /** The value of a key as written; undefined where the key is left out. */
  get(key: string): string | undefined {
    return this.#pairs.get(key);
  }

  /** Reads the value of a key; undefined where the key is left out. @throws Invalid */
  given<T>(row: KeyRow<T>): T | undefined {
    const text = this.#textOf(row);
    return text === undefined ? undefined : about(row.name, () => row.read(text));
  }

  /** Reads the value of a key that is required, or has a default. @throws Invalid */
  value<T>(row: KeyRow<T>): T {
    const text = this.#textOf(row) ?? row.default;
    const isThere = text !== undefined && (text !== "" || row.default !== undefined);
    if (isThere) return about(row.name, () => row.read(text));
    throw new Invalid(`the key ${named(row)} is missing`);
  }

  /**
   * Reads a secret that is either the value of a key, or in the file that another key names.
   *
   * @throws Invalid when neither is there, or both are
   */
  secret(inList: KeyRow<string>, inFile: KeyRow<string>, secretIn: SecretReader): string {
    const path = this.given(inFile);
    const isGiven = (this.#textOf(inList) ?? "") !== "";
    if (path !== undefined && isGiven) {
      throw new Invalid(`${inList.name} and ${inFile.name} are both there: right would be one`);
    }
    if (path !== undefined) return about(inFile.name, () => secretIn(path));
    if (isGiven) return this.value(inList);
    throw new Invalid(`the key ${named(inList)}, or ${inFile.name}, is missing`);
  }

  #textOf(row: KeyRow): string | undefined {
    return namesOf([row]).map((name) => this.get(name)).find((text) => text !== undefined);
  }
}

function named(row: KeyRow): string {
  const [name, alias] = namesOf([row]);
  return alias === undefined ? name : `${name} (or ${alias})`;
}

/** Reads a value; the message of an error begins with the value's key. @throws Invalid */
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
