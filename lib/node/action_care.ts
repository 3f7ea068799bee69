import { errorMessage } from "../base/error_message.ts";
import { isDeepStrictEqual } from "node:util";
import type { Action } from "../base/action_kind.ts";
import { addressOf } from "../hooks/registry.ts";
import type { MoveContext } from "../move/context.ts";
import { preflight } from "../move/preflight.ts";
import type { KeptAddress } from "../move/provider.ts";
import { watch } from "../move/watch.ts";

/**
 * Looks after the addresses that one legion's lord hooks move. Each is looked at once at the start,
 * so that mistakes show then, and again and again while this node is lord.
 */
export class ActionCare {
  #actions: readonly Action[];
  readonly #context: Omit<MoveContext, "signal">;
  readonly #running = new Set<Promise<void>>();
  readonly #closed = new AbortController();
  #lord?: AbortController;

  /** Takes the actions of the lord hooks and the means to look and report; nothing is sent yet. */
  constructor(actions: readonly Action[], context: Omit<MoveContext, "signal">) {
    this.#actions = actions;
    this.#context = context;
  }

  /** Begins the looks that are due at the start. */
  preflight(): void {
    this.#run(this.#actions, preflight, this.#closed.signal);
  }

  /** Looks after other actions from now on; new ones are looked at once, as at the start. */
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

  /** Takes note of whether this node is lord. While it is not, the watch sends nothing. */
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

  /** Ends all looks; resolves when none runs any more. */
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

  // A failed look is logged, since no mistake in it may end the node.
  async #logged(run: Promise<void>): Promise<void> {
    try {
      await run;
    } catch (error) {
      const reason = errorMessage(error);
      this.#context.log("error", `a look at an action failed: ${reason}`);
    }
  }
}
