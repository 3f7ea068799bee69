import { equalData } from "../base/equal_data.ts";
import { addressOf } from "../hooks/registry.ts";
import type { ConfiguredHook } from "./hook_runner.ts";

/**
 * Knows of each hook that runs whether it is still wanted: one that moves an address which a reload
 * has removed is not. Other hooks run to their end as they began.
 */
export class WantedHooks {
  readonly #running = new Map<ConfiguredHook, AbortController>();

  /** Takes note that a hook begins; the result is aborted when the hook is no longer wanted. */
  begins(hook: ConfiguredHook): AbortSignal {
    const wanted = new AbortController();
    if (addressOf(hook.action) !== undefined) this.#running.set(hook, wanted);
    return wanted.signal;
  }

  /** Takes note that a hook has ended. */
  ended(hook: ConfiguredHook): void {
    this.#running.delete(hook);
  }

  /** Goes by another configuration from now on. */
  keepOnly(hooks: readonly ConfiguredHook[]): void {
    for (const [hook, wanted] of this.#running) {
      if (!hooks.some((other) => isSameHook(hook, other))) wanted.abort();
    }
  }
}

/** Whether two hooks are the same, wherever in the file they stand. */
export function isSameHook(a: ConfiguredHook, b: ConfiguredHook): boolean {
  return a.event === b.event && equalData(a.action, b.action);
}
