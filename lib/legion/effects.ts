import type { Announcement } from "./announcement.ts";

/** One moment, on both clocks. */
export interface Instant {
  /** Never steps: all timeouts run on it. */
  readonly monotonicMs: number;
  /** Since 1970: for the `unix` and `lord` fields alone. */
  readonly wallMs: number;
}

/** The events of a legion's life that hooks are bound to. */
export type HookEvent =
  | "setup"
  | "join"
  | "lord"
  | "unlord"
  | "death"
  | "node-joined"
  | "node-left";

/** One event whose hooks are to be run. */
export interface HookCall {
  readonly event: HookEvent;
  /** The name of the node it is about: the member that joined or left, else oneself. */
  readonly node: string;
}

/** How the hooks of an event ended. */
export interface HooksResult {
  readonly event: HookEvent;
  /** All of them ran and succeeded. */
  readonly ok: boolean;
}

/** How bad it is. */
export type LogLevel = "info" | "warn" | "error";

/** What a legion asks of whoever drives it; to be carried out in the order given. */
export type Effect =
  /** Send this to every configured node. */
  | { readonly type: "announce"; readonly announcement: Announcement }
  /**
   * Run the event's hooks in their order, after a failure only where `stopOnError` is not set, and
   * report back with `hooksEnded`. No two are ever asked for at a time.
   */
  | {
    readonly type: "runHooks";
    readonly call: HookCall;
    /** The name of the node that the legion has agreed upon; empty while there is none. */
    readonly lord: string;
    readonly stopOnError: boolean;
  }
  /** End the hooks that run now; they still report back with `hooksEnded`. */
  | { readonly type: "abortHooks" }
  | { readonly type: "log"; readonly level: LogLevel; readonly message: string }
  /** Call `tick` at this monotonic time (Infinity: never), instead of at any asked for before. */
  | { readonly type: "wakeAt"; readonly monotonicMs: number }
  /** A status would tell something else now, apart from times and from how much has been heard. */
  | { readonly type: "changed" }
  /** The last farewell is said: nothing will follow. */
  | { readonly type: "stopped" };

/** Collects the effects of one step. */
export class Outbox {
  #effects: Effect[] = [];

  do(effect: Effect): void {
    this.#effects.push(effect);
  }

  log(level: LogLevel, message: string): void {
    this.do({ type: "log", level, message });
  }

  /** All that was collected since the last time. */
  take(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
