import type { HookEvent } from "../base/hook_event.ts";
import type { EventLevel } from "../base/log_level.ts";
import type { Announcement } from "./announcement.ts";
import type { Notes } from "./notes.ts";

/** One moment, on both clocks. */
export interface Instant {
  /** The clock that never steps, in milliseconds: all timeouts run on it. */
  readonly monotonicMs: number;
  /** The wall clock, in milliseconds since 1970: for the `unix` and `lord` fields alone. */
  readonly wallMs: number;
}

/** One event whose hooks are to be run. */
export interface HookCall {
  /** The event. */
  readonly event: HookEvent;
  /**
   * The name of the node that the event is about: the member that joined or left, else this node.
   */
  readonly node: string;
  /**
   * Whether these are the lord hooks of a node that was lord before its process was started again:
   * what they do may be done already (LEASE.md, rule 12).
   */
  readonly resumed?: boolean;
}

/** How the hooks of an event ended. */
export interface HooksResult {
  /** The event whose hooks ended. */
  readonly event: HookEvent;
  /** Whether all hooks ran and succeeded. */
  readonly ok: boolean;
}

/** A thing that a legion asks of its driver; effects must be carried out in the order given. */
export type Effect =
  /**
   * Keep these notes in place of all before, so that the next process of this node finds them, or
   * see that it finds none; null: remove all. To be done before the effects that follow (LEASE.md,
   * rule 12).
   */
  | { readonly type: "note"; readonly notes: Notes | null }
  /**
   * Send this announcement to every configured node, and also to these addresses (`host:port`) of
   * members that are not among them (LEASE.md, rule 2).
   */
  | {
    readonly type: "announce";
    readonly announcement: Announcement;
    readonly also: readonly string[];
  }
  /**
   * Run the event's hooks in their order, after a failure only where `stopOnError` is not set, and
   * report back with `hooksEnded`. No two calls are ever open at a time.
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
  | { readonly type: "log"; readonly level: EventLevel; readonly message: string }
  /**
   * Call `tick` at this monotonic time (Infinity: never), instead of at any time asked for before.
   */
  | { readonly type: "wakeAt"; readonly monotonicMs: number }
  /** The status has changed, in more than times and counts of what was heard. */
  | { readonly type: "changed" }
  /** The last farewell is said: nothing will follow. */
  | { readonly type: "stopped" };

/** Collects the effects of one step. */
export class Outbox {
  #effects: Effect[] = [];

  /** Adds an effect. */
  do(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** Adds a line for the log. */
  log(level: EventLevel, message: string): void {
    this.do({ type: "log", level, message });
  }

  /** Hands out the effects collected since the last time. */
  take(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
