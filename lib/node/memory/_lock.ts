import { BindError } from "../transport.ts";

/** Thrown when another process runs the same legion at the same address. */
export class MemoryLocked extends BindError {}

/** The lock that a node holds on what it remembers; the end of the process frees it, however it ends. */
export class Lock implements Disposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;

  private constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Takes the lock.
   *
   * @throws MemoryLocked when another process holds it
   * @throws Error when the file cannot be opened
   */
  static take(path: string): Lock {
    const file = Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
    try {
      if (!file.tryLockSync(true)) throw new MemoryLocked(`${holderOf(file)} holds ${path}`);
    } catch (error) {
      file.close();
      throw error;
    }
    writePid(file);
    return new Lock(path, file);
  }

  /** Whether the locked file is still the one at its path: if it was removed, others can lock another. */
  get isInPlace(): boolean {
    try {
      return Deno.lstatSync(this.#path).ino === this.#file.statSync().ino;
    } catch {
      return false;
    }
  }

  /** Frees the lock. The file stays: a process that waits to take it would lock a removed one. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** The process that holds the lock, for a message. */
function holderOf(file: Deno.FsFile): string {
  const bytes = new Uint8Array(16);
  const length = file.readSync(bytes) ?? 0;
  const [pid] = /^[0-9]+(?=\n)/.exec(new TextDecoder().decode(bytes.subarray(0, length))) ?? [];
  const holder = pid === undefined ? "another process" : `process ${pid}`;
  return `this legion runs at this address already: ${holder}`;
}

/** Writes the process id into the file, for people; a full disk is no reason to do without a lock. */
function writePid(file: Deno.FsFile): void {
  try {
    file.truncateSync();
    file.writeSync(new TextEncoder().encode(`${Deno.pid}\n`));
  } catch {
    // The message of another process will do without.
  }
}
