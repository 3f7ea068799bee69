import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { open } from "node:fs/promises";

const maxBytes = 1024 * 1024;

// To open a pipe without this flag waits until somebody writes to it, and nothing else is done.
const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Reads a regular file of at most 1 MiB, without ever waiting for somebody else: a pipe, a socket, a
 * device or a folder is refused.
 *
 * @throws Error that says why it cannot be read; the path is not in its message, since in a
 * configuration it may come from anywhere
 */
export function readFile(path: string): Uint8Array {
  try {
    const file = openSync(path, flags);
    try {
      const content = new Content(fstatSync(file));
      while (content.take(readSync(file, content.room)));
      return content.bytes;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new Error(reasonOf(error));
  }
}

/**
 * The same, for when others must not wait for the disk: it may hang when an address has to move.
 *
 * @throws as {@link readFile} does
 */
export async function readFileAsync(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, flags);
    try {
      const content = new Content(await file.stat());
      while (content.take((await file.read(content.room)).bytesRead));
      return content.bytes;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new Error(reasonOf(error));
  }
}

/** Why a file cannot be read. */
class Refusal extends Error {}

/** What has been read of a file. */
class Content {
  readonly #buffer = new Uint8Array(maxBytes + 1);
  #length = 0;

  /** @throws Refusal when it is no regular file */
  constructor(stats: Stats) {
    if (!stats.isFile()) throw new Refusal(`it is ${kindOf(stats)}, not a file`);
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Where to read on to. */
  get room(): Uint8Array {
    return this.#buffer.subarray(this.#length);
  }

  /**
   * Takes note of what was read; false at the end.
   *
   * @throws Refusal when it is too much
   */
  take(length: number): boolean {
    this.#length += length;
    if (this.#length > maxBytes) throw new Refusal("it is larger than 1 MiB");
    return length > 0;
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a pipe";
  if (stats.isSocket()) return "a socket";
  return "a device";
}

function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  const { code, name } = error as { code?: string; name?: string };
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "there is no such file";
    case "EACCES":
    case "EPERM":
      return "it may not be read";
    case "ENXIO":
      return "it is a socket or a device, not a file";
  }
  // Deno's own refusal.
  if (name === "NotCapable") return "it is in /proc, /sys or /dev, where nothing is read";
  return `it cannot be read (${code ?? name})`;
}
