import type { HookContext } from "../hooks/action.ts";
import { type Action, runAction } from "../hooks/registry.ts";

/** A hook as the configuration has it. */
export interface ConfiguredHook {
  readonly event: string;
  readonly action: Action;
  /** Where the configuration says so. */
  readonly file: string;
  readonly line: number;
}

/** Which hooks to run, and how. */
export interface RunHooksOptions {
  /** To be run in this order. */
  readonly hooks: readonly ConfiguredHook[];
  /** After which a hook that has not ended is made to. */
  readonly timeoutMs: number;
  /** Leave out the rest after one that failed. */
  readonly stopOnError: boolean;
  readonly context: Omit<HookContext, "signal">;
  /** Aborts the one that runs and leaves out the rest. */
  readonly signal: AbortSignal;
}

/** Runs hooks one after the other; true when all of them succeeded. Every end is logged. */
export async function runHooks(options: RunHooksOptions): Promise<boolean> {
  const { hooks, stopOnError, signal } = options;
  let ok = true;
  for (const hook of hooks) {
    if (signal.aborted || (stopOnError && !ok)) return false;
    ok = await runHook(hook, options) && ok;
  }
  return ok && !signal.aborted;
}

async function runHook(hook: ConfiguredHook, options: RunHooksOptions): Promise<boolean> {
  const { context, timeoutMs, signal } = options;
  const { log } = context;
  const name = `${hook.event} hook ${hook.action.kind} (${hook.file}:${hook.line})`;
  const begun = performance.now();
  const took = () => `after ${((performance.now() - begun) / 1000).toFixed(1)} s`;
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const either = AbortSignal.any([signal, timeout.signal]);
  log("info", `${name} begins`);
  try {
    await runAction(hook.action, { ...context, signal: either });
    log("info", `${name} ended well ${took()}`);
    return true;
  } catch (error) {
    if (signal.aborted) {
      log("warn", `${name} was aborted ${took()}`);
    } else if (timeout.signal.aborted) {
      log("error", `${name} was ended ${took()}: it took too long (legion-hook-timeout)`);
    } else {
      log("error", `${name} failed ${took()}: ${error instanceof Error ? error.message : error}`);
    }
    return false;
  } finally {
    clearTimeout(timer);
  }
}
