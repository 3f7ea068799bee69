import type { Action } from "../base/action_kind.ts";
import type { HookContext } from "../hooks/action.ts";
import { runAction } from "../hooks/registry.ts";

/** A hook as the configuration has it. */
export interface ConfiguredHook {
  readonly event: string;
  readonly action: Action;
  /** Where the configuration says so. */
  readonly file: string;
  readonly line: number;
}

/** How a hook ended. */
export interface HookEnd {
  /** `ok`, or why not. */
  readonly result: string;
  readonly seconds: number;
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
  /** Told how each hook ended. */
  readonly ended: (hook: ConfiguredHook, end: HookEnd) => void;
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
  const { context: { log }, ended } = options;
  const name = `${hook.event} hook ${hook.action.kind} (${hook.file}:${hook.line})`;
  const begun = performance.now();
  log("info", `${name} begins`);
  const { level, result } = await resultOf(hook, options);
  const seconds = (performance.now() - begun) / 1000;
  log(level, `${name} ended after ${seconds.toFixed(1)} s: ${result}`);
  ended(hook, { result, seconds });
  return result === "ok";
}

async function resultOf(hook: ConfiguredHook, { context, timeoutMs, signal }: RunHooksOptions) {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const either = AbortSignal.any([signal, timeout.signal]);
  try {
    await runAction(hook.action, { ...context, signal: either });
    return { level: "info", result: "ok" } as const;
  } catch (error) {
    if (signal.aborted) return { level: "warn", result: "aborted" } as const;
    const result = timeout.signal.aborted
      ? "it took too long (legion-hook-timeout)"
      : `failed: ${error instanceof Error ? error.message : error}`;
    return { level: "error", result } as const;
  } finally {
    clearTimeout(timer);
  }
}
