import { isDeepStrictEqual } from "node:util";
import type { Action } from "../base/action_kind.ts";
import { addressOf } from "../hooks/registry.ts";
import type { MoveContext } from "../move/context.ts";
import { preflight } from "../move/preflight.ts";
import type { KeptAddress } from "../move/provider.ts";
import { watch } from "../move/watch.ts";

/**
 * Looks after the actions of one legion's lord hooks besides running them: at the start, whether
 * they could do their work; and as long as this node is lord, whether what they did stays so.
 */
export class ActionCare {
  #actions: readonly Action[];
  readonly #context: Omit<MoveContext, "signal">;
  readonly #running = new Set<Promise<void>>();
  readonly #closed = new AbortController();
  #lord?: AbortController;

  constructor(actions: readonly Action[], context: Omit<MoveContext, "signal">) {
    this.#actions = actions;
    this.#context = context;
  }

  /** Begins the looks at the start. */
  preflight(): void {
    this.#run(this.#actions, preflight, this.#closed.signal);
  }

  /** Looks after other actions from now on, as at the start where they are new. */
  replace(actions: readonly Action[]): void {
    if (isDeepStrictEqual(actions, this.#actions)) return;
    const isNew = (action: Action) => !this.#actions.some((old) => isDeepStrictEqual(old, action));
    const added = actions.filter(isNew);
    const isLord = this.#lord !== undefined;
    this.lord(false);
    this.#actions = actions;
    this.#run(added, preflight, this.#closed.signal);
    this.lord(isLord);
  }

  /** Tells whether this node is lord now. When it no longer is, nothing is sent afterwards. */
  lord(isLord: boolean): void {
    if (isLord === (this.#lord !== undefined)) return;
    if (isLord) {
      this.#lord = new AbortController();
      this.#run(this.#actions, watch, this.#lord.signal);
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
    actions: readonly Action[],
    care: (address: KeptAddress, context: MoveContext) => Promise<void>,
    signal: AbortSignal,
  ): void {
    for (const address of actions.map(addressOf)) {
      if (address === undefined) continue;
      const run = this.#logged(care(address, { signal, ...this.#context })).catch(reportError);
      this.#running.add(run);
      run.finally(() => this.#running.delete(run));
    }
  }

  // Nothing that goes wrong with a look may end the node.
  async #logged(run: Promise<void>): Promise<void> {
    try {
      await run;
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      this.#context.log("error", `a look at an action failed: ${reason}`);
    }
  }
}
