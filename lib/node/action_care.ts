import { type Action, type CareContext, preflightAction, watchAction } from "../hooks/registry.ts";

type CareLog = CareContext["log"];

/**
 * Looks after the actions of one legion's lord hooks besides running them: at the start, whether
 * they could do their work; and as long as this node is lord, whether what they did stays so.
 */
export class ActionCare {
  readonly #actions: readonly Action[];
  readonly #log: CareLog;
  readonly #running = new Set<Promise<void>>();
  readonly #closed = new AbortController();
  #lord?: AbortController;

  constructor(actions: readonly Action[], log: CareLog) {
    this.#actions = actions;
    this.#log = log;
  }

  /** Begins the looks at the start. */
  preflight(): void {
    this.#run(preflightAction, this.#closed.signal);
  }

  /** Tells whether this node is lord now. When it no longer is, nothing is sent afterwards. */
  lord(isLord: boolean): void {
    if (isLord === (this.#lord !== undefined)) return;
    if (isLord) {
      this.#lord = new AbortController();
      this.#run(watchAction, this.#lord.signal);
    } else {
      this.#lord?.abort();
      this.#lord = undefined;
    }
  }

  /** Ends all looks. */
  async close(): Promise<void> {
    this.lord(false);
    this.#closed.abort();
    await Promise.all(this.#running);
  }

  #run(
    care: (action: Action, context: CareContext) => Promise<void>,
    signal: AbortSignal,
  ): void {
    for (const action of this.#actions) {
      const run = this.#logged(care(action, { signal, log: this.#log }));
      this.#running.add(run);
      run.then(() => this.#running.delete(run));
    }
  }

  // Nothing that goes wrong with a look may end the node.
  async #logged(run: Promise<void>): Promise<void> {
    try {
      await run;
    } catch (error) {
      this.#log(
        "error",
        `a look at an action failed: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
}
