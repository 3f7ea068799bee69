const maxLinesPerSecond = 200;

/**
 * Lines of a command's output, as far as they go to the log: 200 a second. How many are left out
 * is told in a line of its own, before the next one that is not, or at the end.
 */
export class OutputLog {
  readonly #write: (line: string) => void;
  #secondMs = -Infinity;
  #lines = 0;
  #leftOut = 0;

  /** @param write Takes a line */
  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /**
   * Lines follow; the clock is not asked for each of them, since there may be a million a second.
   *
   * @param nowMs By a clock that only goes forwards
   */
  linesAt(nowMs: number): void {
    if (nowMs - this.#secondMs < 1000) return;
    this.end();
    this.#secondMs = nowMs;
    this.#lines = 0;
  }

  /** Takes a line, which is read only where it goes to the log. */
  take(read: () => string): void {
    if (this.#lines++ < maxLinesPerSecond) this.#write(read());
    else this.#leftOut++;
  }

  /** Tells what was left out. */
  end(): void {
    const count = this.#leftOut;
    this.#leftOut = 0;
    if (count === 0) return;
    this.#write(
      `(lines of its output left out here: ${count}; ${maxLinesPerSecond} a second are logged)`,
    );
  }
}
