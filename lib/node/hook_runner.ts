import { alarm } from "../base/alarm.ts";
import { errorMessage } from "../base/error_message.ts";
import type { Action } from "../base/action_kind.ts";
import { secondsOf } from "../base/seconds_of.ts";
import type { HookContext } from "../hooks/action.ts";
import { addressOf, runAction, upheldOf } from "../hooks/registry.ts";

/** A hook as the configuration has it. */
export interface ConfiguredHook {
  /** The event that the hook is bound to. */
  readonly event: string;
  /** The action that the hook runs. */
  readonly action: Action;
  /** The path of the configuration file. */
  readonly file: string;
  /** The line in that file, counted from 1. */
  readonly line: number;
}

/** The end of a hook. */
export interface HookEnd {
  /** `ok`, or the reason of the failure. */
  readonly result: string;
  /** The time that the hook ran, in seconds. */
  readonly seconds: number;
}

/** The hooks to run, and the rules for them. */
export interface RunHooksOptions {
  /** The hooks, in the order to run them in. */
  readonly hooks: readonly ConfiguredHook[];
  /** The time after which a hook that still runs is aborted, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * Whether a hook that fails keeps the rest from running. One that moves an address counts as failed
   * only where none of the addresses was had.
   */
  readonly stopOnError: boolean;
  /** The occasion, and the means to report, the same for all hooks. */
  readonly context: Omit<HookContext, "signal">;
  /** Called at the beginning of each hook; the result is aborted when it is no longer wanted. */
  readonly begins: (hook: ConfiguredHook) => AbortSignal;
  /** Called at the end of each hook. */
  readonly ended: (hook: ConfiguredHook, end: HookEnd) => void;
  /** Aborts the hook that runs, and keeps the rest from running. */
  readonly signal: AbortSignal;
}

/**
 * Runs hooks one after the other, and those that move an address and follow each other at once: a
 * switch takes a provider up to a minute. Addresses of this machine's devices among them come first:
 * they wait for no provider. Every end is logged.
 *
 * @returns whether all of them succeeded; with `stopOnError` also where some addresses were had
 */
export async function runHooks(options: RunHooksOptions): Promise<boolean> {
  const { hooks, stopOnError, context, signal } = options;
  let ok = true;
  let hasOne = false;
  for (const step of steps(hooks)) {
    context.recheck();
    if (signal.aborted || (stopOnError && !ok)) return false;
    const ends = await Promise.all(step.map((hook) => runHook(hook, options)));
    const together = step.filter((_, index) => ends[index] !== "dropped");
    const succeeded = step.filter((_, index) => ends[index] === "ok");
    hasOne ||= succeeded.some(movesAddress);
    const isEnough = stopOnError && hasOne && together.every(movesAddress);
    if (succeeded.length < together.length && isEnough) tellMissing(together, succeeded, options);
    ok &&= isEnough || succeeded.length === together.length;
  }
  return ok && !signal.aborted;
}

/** The hooks in the order to run them in; those in one step run at once. */
function steps(hooks: readonly ConfiguredHook[]): ConfiguredHook[][] {
  const isOfRow = (hook: ConfiguredHook) => movesAddress(hook) || isUpheld(hook);
  const rows: ConfiguredHook[][] = [];
  for (const hook of hooks) {
    const last = rows.at(-1);
    if (last !== undefined && isOfRow(hook) && last.every(isOfRow)) last.push(hook);
    else rows.push([hook]);
  }
  const parted = rows.flatMap((row) => {
    return [row.filter(isUpheld), row.filter((hook) => !isUpheld(hook))];
  });
  return parted.filter(({ length }) => length > 0);
}

function isUpheld({ action }: ConfiguredHook): boolean {
  return upheldOf(action) !== undefined;
}

function movesAddress({ action }: ConfiguredHook): boolean {
  return addressOf(action) !== undefined;
}

function tellMissing(
  wanted: readonly ConfiguredHook[],
  had: readonly ConfiguredHook[],
  { context: { log } }: RunHooksOptions,
): void {
  const ips = wanted.filter((hook) => !had.includes(hook)).map(({ action }) => {
    return addressOf(action)!.ip;
  });
  const of = `${had.length} of ${wanted.length} addresses`;
  log("warn", `this node goes on with ${of}; not had: ${ips.join(", ")}`);
}

/** The end of a hook for those that follow; `dropped`: it was no longer wanted. */
type End = "ok" | "failed" | "dropped";

async function runHook(hook: ConfiguredHook, options: RunHooksOptions): Promise<End> {
  const { context: { log }, begins, ended } = options;
  const name = `${hook.event} hook ${hook.action.kind} (${hook.file}:${hook.line})`;
  const begun = performance.now();
  log("info", `${name} begins`);
  const wanted = begins(hook);
  const { level, result } = await resultOf(hook, options, wanted);
  const seconds = secondsOf(performance.now() - begun);
  log(level, `${name} ended after ${seconds.toFixed(1)} s: ${result}`);
  ended(hook, { result, seconds });
  if (result === "ok") return "ok";
  return wanted.aborted ? "dropped" : "failed";
}

async function resultOf(
  hook: ConfiguredHook,
  { context, timeoutMs, signal }: RunHooksOptions,
  wanted: AbortSignal,
) {
  const timeout = new AbortController();
  const cancel = alarm(timeoutMs, () => timeout.abort());
  const either = AbortSignal.any([signal, timeout.signal, wanted]);
  try {
    await runAction(hook.action, { ...context, signal: either });
    return { level: "info", result: "ok" } as const;
  } catch (error) {
    if (signal.aborted) return { level: "warn", result: "aborted" } as const;
    if (wanted.aborted) return { level: "info", result: "no longer configured" } as const;
    const address = addressOf(hook.action);
    // The node may be lord all the same, and where the address is nobody has told.
    if (timeout.signal.aborted && address !== undefined) context.unsettled(address.ip);
    const result = timeout.signal.aborted
      ? "it took too long (legion-hook-timeout)"
      : `failed: ${errorMessage(error)}`;
    return { level: "error", result } as const;
  } finally {
    cancel();
  }
}
