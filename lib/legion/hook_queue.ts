import type { HookEvent } from "../base/hook_event.ts";
import type { HookCall } from "./effects.ts";

// A hook may run for minutes while members come and go: the notices waiting meanwhile are bounded.
const maxNotices = 100;

/**
 * The events of one legion whose hooks wait to be run, never two at a time. Notices of members that
 * join or leave can wait: all other events go first.
 */
export class HookQueue {
  #running?: HookCall;
  #turns: HookCall[] = [];
  #notices: HookCall[] = [];

  /** The event whose hooks run now. */
  get running(): HookCall | undefined {
    return this.#running;
  }

  /** Adds a call. Of more than 100 waiting notices of members the oldest is forgotten. */
  add(call: HookCall): void {
    if (call.event !== "node-joined" && call.event !== "node-left") this.#turns.push(call);
    else if (this.#notices.push(call) > maxNotices) this.#notices.shift();
  }

  /** The next call, which then counts as running; undefined: one runs, or none waits. */
  next(): HookCall | undefined {
    if (this.#running === undefined) {
      return this.#running = this.#turns.shift() ?? this.#notices.shift();
    }
  }

  /** Notes that the running hooks have ended. */
  ended(): void {
    this.#running = undefined;
  }

  /** Takes back an event that has not begun; false: none was waiting. */
  drop(event: HookEvent): boolean {
    const before = this.#turns.length;
    this.#turns = this.#turns.filter((call) => call.event !== event);
    return this.#turns.length < before;
  }

  /** Takes back all events that have not begun, but for one. */
  clear(spared?: HookEvent): void {
    this.#turns = this.#turns.filter(({ event }) => event === spared);
    this.#notices = [];
  }
}
