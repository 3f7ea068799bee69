import { type ByteSink, writeAll } from "../base/write_all.ts";

// A reader that has stopped reading may cost lines of the log, but neither memory nor a takeover.
const maxWaiting = 1000;
const lastWordsMs = 1000;

/**
 * Writes lines one after the other, without ever making the caller wait. While more than 1,000
 * lines wait the newest are lost, and their number is written once there is room. After the reader
 * has gone away all lines are dropped in silence.
 */
export class LineWriter {
  readonly #sink: ByteSink;
  readonly #waiting: string[] = [];
  #lost = 0;
  #gone = false;
  #writing?: Promise<void>;

  /**
   * Begins with nothing to write.
   *
   * @param sink takes the lines, in UTF-8
   */
  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** Writes a line, which includes its end. */
  write(line: string): void {
    if (this.#gone) return;
    if (this.#waiting.length >= maxWaiting) this.#lost++;
    else this.#waiting.push(line);
    this.#writing ??= this.#run();
  }

  /** Waits until all lines are written, for at most a second. */
  async flush(): Promise<void> {
    let timer;
    const deadline = new Promise<void>((resolve) => timer = setTimeout(resolve, lastWordsMs));
    await Promise.race([this.#writing, deadline]);
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) await writeAll(this.#sink, this.#next());
    } catch {
      this.#gone = true;
      this.#waiting.length = 0;
    }
    this.#writing = undefined;
  }

  #next(): string {
    const text = this.#waiting.join("");
    this.#waiting.length = 0;
    const lost = this.#lost;
    this.#lost = 0;
    return lost === 0 ? text : `${text}(${lost} lines were lost here: nobody read them in time)\n`;
  }
}
