import { delay } from "@std/async/delay";
import type { TestProcess } from "./process.ts";

/** The time from the end of a process to the next, in milliseconds: `RestartSec=` of the unit. */
export const restartMs = 100;
// As RestartPreventExitStatus= of the unit.
const wrongConfiguration = 2;

/** Starts a node again 100 ms after each of its ends, as the unit of `failover systemd` does. */
export class Supervisor implements AsyncDisposable {
  readonly #start: () => TestProcess;
  readonly #processes: TestProcess[] = [];
  readonly #statuses: number[] = [];
  readonly #over = new AbortController();
  readonly #loop: Promise<void>;
  #next = Promise.withResolvers<void>();

  /**
   * Starts the node for the first time.
   *
   * @param start starts a process of the node, with INVOCATION_ID in its environment
   */
  constructor(start: () => TestProcess) {
    this.#start = start;
    this.#loop = this.#run();
  }

  /** The processes so far. */
  get processes(): readonly TestProcess[] {
    return this.#processes;
  }

  /** The exit statuses so far. */
  get statuses(): readonly number[] {
    return this.#statuses;
  }

  /** The process that runs, or has ended last. */
  get current(): TestProcess {
    return this.#processes[this.#processes.length - 1];
  }

  /** Waits for a process, counted from 0; there is no deadline but that of the test. */
  async process(index: number): Promise<TestProcess> {
    while (this.#processes.length <= index) await this.#next.promise;
    return this.#processes[index];
  }

  /** Stops the node for good; the result is the last exit status. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    this.#over.abort();
    if (this.#statuses.length < this.#processes.length) this.current.signal(signal);
    await this.#loop;
    return this.#statuses[this.#statuses.length - 1];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL");
  }

  async #run(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      const process = this.#start();
      this.#processes.push(process);
      this.#next.resolve();
      this.#next = Promise.withResolvers();
      const status = await process.status();
      this.#statuses.push(status);
      if (status === wrongConfiguration) return;
      await delay(restartMs, { signal }).catch(() => {});
    }
  }
}
