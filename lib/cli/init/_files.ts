import { systemSources } from "../../config/load.ts";
import { readConfiguration } from "../../node/configuration.ts";
import type { Config } from "../../config/config.ts";
import { ConfigError } from "../../config/config_error.ts";
import { UsageError } from "../usage_error.ts";
import type { Owner } from "./_owner.ts";

/** A file that is to be made, readable for its user alone. */
export interface NewFile {
  /** The absolute path. */
  readonly path: string;
  /** The whole text. */
  readonly text: string;
}

/** A new secret: 256 random bits in 43 characters, none of which is special in an INI file. */
export function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32))
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

/**
 * Loads a configuration before it and the files that it refers to are written.
 *
 * @throws UsageError when it could not be loaded, as where the password's file is empty
 */
export function tried(configFile: string, files: readonly NewFile[]): Config {
  const made = new Map(files.map(({ path, text }) => [path, text]));
  try {
    return readConfiguration(configFile, {
      ...systemSources,
      readFile: (path) => made.get(path) ?? systemSources.readFile(path),
      isPublic: (path) => !made.has(path) && systemSources.isPublic(path),
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // The places of the problems are left out: they are in a file that nobody will see.
    const problems = error.problems.map(({ option, message }) => `${option}: ${message}`);
    throw new UsageError(`the configuration would not be right: ${problems.join("; ")}`);
  }
}

/**
 * Makes all files, or none.
 *
 * @param owner the user that the files are for, where it is another than this process's
 * @throws UsageError when one of them is there already
 * @throws Error when one of them cannot be written
 */
export function makeAll(files: readonly NewFile[], owner?: Owner): void {
  const made: string[] = [];
  try {
    for (const { path, text } of files) {
      write(path, text, () => made.push(path));
      if (owner !== undefined) Deno.chownSync(path, owner.uid, owner.gid);
    }
  } catch (error) {
    for (const path of made) Deno.removeSync(path);
    throw error;
  }
}

function write(path: string, text: string, onMade: () => void): void {
  try {
    using file = Deno.openSync(path, { createNew: true, write: true, mode: 0o600 });
    onMade();
    let bytes = new TextEncoder().encode(text);
    while (bytes.length > 0) bytes = bytes.subarray(file.writeSync(bytes));
    file.syncSync();
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw new UsageError(alreadyThere(path));
    throw new Error(`${path} cannot be written: ${(error as Error).message}`);
  }
}

/** The message about a file that would have to be overwritten. */
export function alreadyThere(path: string): string {
  return `${path} is there already, and nothing is overwritten`;
}

/** Whether there is anything at this path, even a link that leads nowhere. */
export function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
