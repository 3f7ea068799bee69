import { TextLineStream } from "@std/streams/text-line-stream";
import { withOwnFolders } from "./own_folders.ts";

/** The settings of a process. */
export interface ProcessOptions {
  /** The name for messages. */
  readonly name: string;
  /** The executable, by name or path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
}

const usualPatienceMs = 20_000;

/**
 * A process whose lines, of standard output and error, can be waited for. The end of its scope ends
 * the process, by its id.
 */
export class TestProcess implements AsyncDisposable {
  readonly name: string;
  readonly #child: Deno.ChildProcess;
  readonly #lines: string[] = [];
  readonly #read: Promise<unknown>;
  readonly #waiting = new Set<() => void>();
  #ended = false;

  constructor({ name, command, args, env = {} }: ProcessOptions) {
    this.name = name;
    this.#child = new Deno.Command(command, {
      args: [...args],
      env: withOwnFolders(env),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#read = Promise.all([this.#take(this.#child.stdout), this.#take(this.#child.stderr)]);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** All lines so far. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /**
   * Waits for a line, from the given one on; the result is the index after it.
   *
   * @param patienceMs the longest wait, in milliseconds; default 20 s
   * @throws Error with all lines when the line does not come in time, or the process ends before
   */
  async line(pattern: RegExp, from = 0, patienceMs = usualPatienceMs): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const fail = (why: string) =>
      reject(new Error(`${this.name}: no line ${pattern}: ${why}\n${this.#lines.join("\n")}`));
    const look = () => {
      const index = this.#lines.findIndex((line, at) => at >= from && pattern.test(line));
      if (index >= 0) resolve(index + 1);
      else if (this.#ended) fail("the process has ended");
    };
    const timer = setTimeout(() => fail(`waited ${patienceMs / 1000} s`), patienceMs);
    this.#waiting.add(look);
    look();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(look);
    }
  }

  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Waits for its end; the result is its exit status. */
  async status(): Promise<number> {
    const { code } = await this.#child.status;
    await this.#read;
    return code;
  }

  /** Sends a signal and waits for the end. */
  async end(signal: Deno.Signal): Promise<number> {
    this.signal(signal);
    return await this.status();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.signal("SIGKILL");
    } catch {
      // The process has ended by itself.
    }
    await this.status();
  }

  async #take(stream: ReadableStream<Uint8Array>): Promise<void> {
    const lines = stream.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
    for await (const line of lines) {
      this.#lines.push(line);
      for (const look of [...this.#waiting]) look();
    }
    await this.#child.status;
    this.#ended = true;
    for (const look of [...this.#waiting]) look();
  }
}
