const maxLinesPerSecond = 200;

/**
 * Passes a command's output on to the log, at most 200 lines a second. The number of lines left out
 * is logged in a line of its own, before the next one that is passed on, or at the end.
 */
export class OutputLog {
  readonly #write: (line: string) => void;
  #secondMs = -Infinity;
  #lines = 0;
  #leftOut = 0;

  /**
   * Takes the log.
   *
   * @param write writes one line to the log
   */
  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /**
   * Sets the time of the lines that follow. The clock is not read for each line, since there may be
   * a million a second.
   *
   * @param nowMs monotonic time, in milliseconds
   */
  linesAt(nowMs: number): void {
    if (nowMs - this.#secondMs < 1000) return;
    this.end();
    this.#secondMs = nowMs;
    this.#lines = 0;
  }

  /** Takes a line; `read` decodes it, and is called only where the line goes to the log. */
  take(read: () => string): void {
    if (this.#lines++ < maxLinesPerSecond) this.#write(read());
    else this.#leftOut++;
  }

  /** Logs how many lines were left out, if any. */
  end(): void {
    const count = this.#leftOut;
    this.#leftOut = 0;
    if (count === 0) return;
    this.#write(
      `(lines of its output left out here: ${count}; ${maxLinesPerSecond} a second are logged)`,
    );
  }
}
