import { bold, dim, green } from "@std/fmt/colors";
import { printable } from "../../base/printable.ts";
import { printStyled } from "../print.ts";

const patienceMs = 10_000;

/** Prints the events of the demo as they happen: seconds since the start, who, what. */
export class Timeline {
  readonly #begun = performance.now();
  readonly #style = Deno.stdout.isTerminal() && !Deno.noColor;
  readonly #signal: AbortSignal;
  #waiting = () => {};

  /**
   * Starts to count the seconds.
   *
   * @param signal ends all waits
   */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Prints a step of the demo itself. */
  say(what: string): void {
    this.#print(this.#style ? bold(what) : `-- ${what}`);
  }

  /** Prints an event at a server or the provider. */
  tell(who: string, what: string): void {
    this.#print(`${this.#style ? dim(who.padEnd(9)) : who.padEnd(9)} ${printable(what)}`);
    this.#waiting();
  }

  /**
   * Waits until a condition is true; checked after each event that {@link Timeline.tell} prints.
   *
   * @param what the condition in words
   * @throws Error when that takes longer than 10 s
   * @throws the signal's reason when it is aborted
   */
  async until(what: string, condition: () => boolean): Promise<void> {
    this.#signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const late = () =>
      reject(new Error(`waited ${patienceMs / 1000} s, and it is not true that ${what}`));
    const timer = setTimeout(late, patienceMs);
    const abort = () => reject(this.#signal.reason);
    this.#signal.addEventListener("abort", abort);
    this.#waiting = () => condition() && resolve();
    try {
      this.#waiting();
      await promise;
    } finally {
      clearTimeout(timer);
      this.#signal.removeEventListener("abort", abort);
      this.#waiting = () => {};
    }
    this.#print(this.#style ? green(`✓ ${what}`) : `ok ${what}`);
  }

  #print(line: string): void {
    const seconds = ((performance.now() - this.#begun) / 1000).toFixed(1);
    printStyled(`${seconds.padStart(5)} s  ${line}\n`);
  }
}
