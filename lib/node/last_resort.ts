import type { Log } from "./log.ts";

/** The most errors to log: one that comes back with every timer says nothing new. */
const maxTold = 10;
/** The most lines of an error to log. */
const maxLines = 30;

/**
 * Catches every error that nothing else has handled while a node runs: thrown in a timer or a
 * listener, emitted with nobody listening, or a promise rejected without an owner. All of these are
 * mistakes in this program. The runtime would end the process at once, without a word to the peers;
 * here the error is logged with its stack, one line of the log for each of its lines, and {@link
 * LastResort.caught} resolves, so that the node can leave.
 */
export class LastResort implements Disposable {
  /** Resolves at the first such error. */
  readonly caught: Promise<void>;
  readonly #resolve: () => void;
  readonly #log: Log;
  #count = 0;

  /** Catches from now on, until disposed of. */
  constructor(log: Log) {
    this.#log = log;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.caught = promise;
    this.#resolve = resolve;
    globalThis.addEventListener("error", this.#onError);
    globalThis.addEventListener("unhandledrejection", this.#onRejection);
  }

  /** Whether there was such an error. */
  get hasCaught(): boolean {
    return this.#count > 0;
  }

  /** Stops catching; the next such error ends the process. */
  [Symbol.dispose](): void {
    globalThis.removeEventListener("error", this.#onError);
    globalThis.removeEventListener("unhandledrejection", this.#onRejection);
  }

  readonly #onError = (event: ErrorEvent) => {
    event.preventDefault();
    this.#take(event.error);
  };

  readonly #onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    this.#take(event.reason);
  };

  #take(error: unknown): void {
    this.#resolve();
    if (++this.#count > maxTold) return;
    try {
      this.#log("error", "a mistake in this program, please report it with the next lines");
      for (const line of linesOf(error)) this.#log("error", line);
    } catch {
      // When the log itself fails, nobody can be told.
    }
  }
}

function linesOf(error: unknown): string[] {
  const text = error instanceof Error ? error.stack ?? error.message : String(error);
  return text.split("\n").slice(0, maxLines);
}
