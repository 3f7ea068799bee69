const maxBytes = 1024 * 1024;

/**
 * Reads a regular file of at most 1 MiB without ever waiting for another process: a pipe, a socket, a
 * device or a folder is refused before it is opened, since opening a pipe waits for its writer.
 *
 * Deno's own functions do this: `node:fs`, which could open without waiting, costs each start of the
 * program some 20 ms.
 *
 * @returns the bytes of the file
 * @throws Error that says why the file cannot be read; the message does not hold the path, which in a
 * configuration may come from anywhere
 */
export function readFile(path: string): Uint8Array {
  try {
    refuseUnlessRegular(Deno.statSync(path));
    using file = Deno.openSync(path);
    refuseUnlessRegular(file.statSync());
    const content = new Content();
    while (content.take(file.readSync(content.room)));
    return content.bytes;
  } catch (error) {
    throw new Error(reasonOf(error));
  }
}

/**
 * The same without blocking, for a file whose disk may hang at the moment an address has to move.
 *
 * @returns the bytes of the file
 * @throws Error as {@link readFile} does
 */
export async function readFileAsync(path: string): Promise<Uint8Array> {
  try {
    refuseUnlessRegular(await Deno.stat(path));
    using file = await Deno.open(path);
    refuseUnlessRegular(await file.stat());
    const content = new Content();
    while (content.take(await file.read(content.room)));
    return content.bytes;
  } catch (error) {
    throw new Error(reasonOf(error));
  }
}

/** Why a file cannot be read. */
class Refusal extends Error {}

/** The part of a file read so far. */
class Content {
  readonly #buffer = new Uint8Array(maxBytes + 1);
  #length = 0;

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
  take(length: number | null): boolean {
    this.#length += length ?? 0;
    if (this.#length > maxBytes) throw new Refusal("it is larger than 1 MiB");
    return length !== null;
  }
}

/** @throws Refusal */
function refuseUnlessRegular(info: Deno.FileInfo): void {
  if (!info.isFile) throw new Refusal(`it is ${kindOf(info)}, not a file`);
}

function kindOf({ isDirectory, isFifo, isSocket }: Deno.FileInfo): string {
  if (isDirectory) return "a folder";
  if (isFifo) return "a pipe";
  if (isSocket) return "a socket";
  return "a device";
}

function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
    return "there is no such file";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "this user may not read it: namei -l shows why";
  }
  // Deno's own refusal.
  if (error instanceof Deno.errors.NotCapable) {
    return "it is in /proc, /sys or /dev, where nothing is read";
  }
  const { code, name } = error as { code?: string; name?: string };
  return `it cannot be read (${code ?? name})`;
}
