import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { open } from "node:fs/promises";

const maxBytes = 1024 * 1024;

// Opening a pipe without O_NONBLOCK would wait until somebody writes to it, and block everything.
const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Reads a regular file of at most 1 MiB without ever waiting for somebody else: a pipe, a socket, a
 * device or a folder is refused.
 *
 * @throws Error that says why the file cannot be read, without the path, which in a configuration
 * may come from anywhere
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
 * Does the same as {@link readFile} without making others wait for the disk, which may hang when an
 * address has to move.
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

/** Thrown with the reason why a file cannot be read. */
class Refusal extends Error {}

/** The part of a file read so far. */
class Content {
  readonly #buffer = new Uint8Array(maxBytes + 1);
  #length = 0;

  /** @throws Refusal when the file is not a regular one */
  constructor(stats: Stats) {
    if (!stats.isFile()) throw new Refusal(`it is ${kindOf(stats)}, not a file`);
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** The space to read on to. */
  get room(): Uint8Array {
    return this.#buffer.subarray(this.#length);
  }

  /**
   * Notes how much was read; false: the end.
   *
   * @throws Refusal when the file is too long
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
