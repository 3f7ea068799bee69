import { dirname } from "@std/path/dirname";
import { readFile } from "../../base/read_file.ts";

// The longest file that is written, in bytes: a longer one would not be read.
const maxBytes = 1024 * 1024;

/**
 * Makes a folder where there is none, and looks whether other users could have put files into it.
 *
 * @throws Error that says why the folder cannot be used
 */
export function prepareFolder(path: string): void {
  Deno.mkdirSync(path, { recursive: true, mode: 0o755 });
  refuseOthers(path, Deno.statSync(path));
}

/**
 * Reads a file that only this user, or root, can have written.
 *
 * @returns its text; undefined: there is none
 * @throws Error that says why the file cannot be used
 */
export function readOwn(path: string): string | undefined {
  try {
    refuseOthers(dirname(path), Deno.statSync(dirname(path)));
    refuseOthers(path, Deno.lstatSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const bytes = readFile(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("it is damaged");
  }
}

/**
 * Puts a text in the place of a file, so that at each moment all of the old or all of the new is
 * there.
 *
 * @param options.lasting whether it must outlive a power failure from now on
 * @throws Error when that cannot be done; the old file stays then
 */
export function replaceFile(path: string, text: string, { lasting = false } = {}): void {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > maxBytes) throw new Error("it would be larger than 1 MiB");
  const next = `${path}.new`;
  try {
    writeAnew(next, bytes, { lasting });
    Deno.renameSync(next, path);
  } catch (error) {
    removeQuietly(next);
    throw error;
  }
  if (!lasting) return;
  using folder = Deno.openSync(dirname(path));
  folder.syncSync();
}

function writeAnew(path: string, bytes: Uint8Array, { lasting }: { lasting: boolean }): void {
  using file = Deno.openSync(path, { write: true, create: true, truncate: true, mode: 0o600 });
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
  if (lasting) file.syncSync();
}

/**
 * Removes a file, or else empties it.
 *
 * @throws Error when neither can be done
 */
export function discardFile(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    Deno.truncateSync(path);
  }
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // The file was not made, or the next one takes its place.
  }
}

/** @throws Error where a user other than this one and root owns a file, or may write to it */
function refuseOthers(path: string, { uid, mode }: Deno.FileInfo): void {
  if (uid !== null && uid !== 0 && uid !== Deno.uid()) {
    throw new Error(`${path} belongs to another user (${uid})`);
  }
  if (mode !== null && (mode & 0o022) !== 0) throw new Error(`others may write to ${path}`);
}
