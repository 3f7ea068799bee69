import type { EventLevel } from "../base/log_level.ts";
import type { LegionConfig } from "../config/config.ts";
import type { HookContext } from "../hooks/action.ts";
import type { Effect, HooksResult } from "../legion/effects.ts";
import type { AccountGuard } from "../move/account_guard.ts";
import type { ActionCare } from "./action_care.ts";
import { type ConfiguredHook, type HookEnd, runHooks } from "./hook_runner.ts";
import type { LegionRecord } from "./legion_record.ts";
import type { Upkeep } from "./upkeep.ts";
import { isSameHook, WantedHooks } from "./wanted_hooks.ts";

/** The things that the hooks of a legion need and tell. */
export interface LegionHooksContext {
  /** The legion's configuration, as it is now. */
  readonly config: () => LegionConfig;
  /** Takes note of each hook, for the status. */
  readonly record: LegionRecord;
  /** Looks after the addresses that lord hooks move. */
  readonly care: ActionCare;
  /** Keeps up what lord hooks have begun, and gives it up. */
  readonly upkeep: Upkeep;
  /** As `UpheldMeans.leaseMs` of lib/hooks. */
  readonly leaseMs: () => number;
  /** The guard of the accounts at providers. */
  readonly guard: AccountGuard;
  /** The stage of the lordship before a restart of the process; undefined: it had none. */
  readonly resumed: HookContext["resumed"];
  /** Lets the legion see the time before a lord hook sends anything. */
  readonly recheck: () => void;
  /** Takes the lines for log and status. */
  readonly log: (level: EventLevel, message: string) => void;
  /** Takes a line of a command's output, for the log alone. */
  readonly output: (line: string) => void;
  /** Told of the end of all hooks of an event. */
  readonly ended: (result: HooksResult) => void;
}

type RunHooksEffect = Effect & { type: "runHooks" };

/** Runs the hooks of a legion, those of one event at a time. */
export class LegionHooks {
  readonly #context: LegionHooksContext;
  readonly #wanted = new WantedHooks();
  #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();

  /** Runs nothing yet. */
  constructor(context: LegionHooksContext) {
    this.#context = context;
  }

  /** Begins the hooks of an event. */
  run(effect: RunHooksEffect): void {
    this.#running = this.#run(effect).catch(reportError);
  }

  /** Aborts the hooks that run. */
  abort(): void {
    this.#abort.abort();
  }

  /** Goes by other hooks from now on; one that moves an address which is no longer there is ended. */
  keepOnly(hooks: readonly ConfiguredHook[]): void {
    this.#wanted.keepOnly(hooks);
  }

  /** Resolves when the hooks that run have ended. */
  get ended(): Promise<void> {
    return this.#running;
  }

  async #run(effect: RunHooksEffect): Promise<void> {
    const { record, care, upkeep, ended } = this.#context;
    const { stopOnError, call: { event } } = effect;
    this.#abort = new AbortController();
    // No other node may be lord before this is done, and no hook may delay it.
    if (event === "unlord" || event === "death") await upkeep.undone;
    // The legion must be told of every end, even a bad one: else no other hooks would ever run.
    const ok = await this.#all(effect).catch((error) => {
      reportError(error);
      return false;
    });
    if (event === "lord" && !ok && stopOnError) {
      upkeep.giveUp();
      await upkeep.undone;
    }
    record.noneRuns();
    ended({ event, ok });
    // The legion hears of a refused login after the end of the hook that met it, which would be
    // aborted else.
    care.tellRefused();
  }

  #all({ call, lord, stopOnError }: RunHooksEffect): Promise<boolean> {
    const { config, record, care, upkeep, guard, resumed, recheck, log, output } = this.#context;
    const { name, hooks, hookTimeoutMs: timeoutMs, env, chdir, umask, uid, gid } = config();
    const { event, node } = call;
    return runHooks({
      hooks: hooks.filter((hook) => hook.event === event),
      timeoutMs,
      stopOnError,
      signal: this.#abort.signal,
      context: {
        legion: name,
        event,
        node,
        lord,
        surroundings: { env, chdir, umask, uid, gid },
        resumed: call.resumed ? resumed : undefined,
        guard,
        leaseMs: event === "lord" ? this.#context.leaseMs : undefined,
        log,
        output,
        recheck: () => event === "lord" && recheck(),
        unsettled: (ip) => care.unsettled(ip),
        moves: (ip, step) => record.hookMoves(ip, step),
        seen: (sight) => {
          record.addressSeen(sight);
          care.seen(sight);
        },
      },
      begins: (hook) => {
        record.hookBegins(hook);
        if (event === "lord") upkeep.begins(hook.action);
        return this.#wanted.begins(hook);
      },
      ended: (hook, end) => this.#hookEnded(hook, end),
    });
  }

  #hookEnded(hook: ConfiguredHook, end: HookEnd): void {
    const { config, record, upkeep } = this.#context;
    this.#wanted.ended(hook);
    if (hook.event === "lord") upkeep.ended(hook.action);
    const isConfigured = config().hooks.some((other) => isSameHook(hook, other));
    if (isConfigured) record.hookEnded(hook, end);
    else record.hookGone(hook);
  }
}
