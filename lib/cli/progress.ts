import { printable } from "../base/printable.ts";
import type { MoveProgress } from "../move/move_address.ts";
import { eraseErrorLine, printError, printErrorLine } from "./print.ts";

/**
 * Shows the progress of a wait on standard error: on a terminal a line that counts the seconds,
 * elsewhere a line for each error and each wait before another try.
 */
export class ProgressLine implements Disposable {
  readonly #terminal = Deno.stderr.isTerminal();
  readonly #begun = performance.now();
  #what = "";
  #timer?: ReturnType<typeof setInterval>;

  /** Starts to count the seconds, where standard error is a terminal. */
  constructor() {
    if (this.#terminal) this.#timer = setInterval(() => this.#draw(), 1000);
  }

  /** Shows a step of a takeover. */
  tell(progress: MoveProgress): void {
    switch (progress.kind) {
      case "request":
        return this.show(
          `waiting for the reply to ${progress.method}, at most ${seconds(progress.timeoutMs)}`,
        );
      case "error":
        return this.#say(`${progress.method}: ${progress.code}: ${progress.message}`);
      case "wait": {
        const { next, waitMs, code } = progress;
        const what = `${next} follows in ${seconds(waitMs)} (${code})`;
        return this.#terminal ? this.show(what) : this.#say(what);
      }
    }
  }

  /** Shows on a terminal what the wait is for; does nothing elsewhere. */
  show(what: string): void {
    if (what === this.#what) return;
    this.#what = what;
    this.#draw();
  }

  /** Erases the line, and counts no longer. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #say(what: string): void {
    this.#clear();
    printErrorLine(what);
  }

  #draw(): void {
    if (!this.#terminal) return;
    this.#clear();
    printError(`${seconds(performance.now() - this.#begun)}: ${printable(this.#what)}`);
  }

  #clear(): void {
    if (this.#terminal) eraseErrorLine();
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
