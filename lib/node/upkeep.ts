import type { Action } from "../base/action_kind.ts";
import { errorMessage } from "../base/error_message.ts";
import type { EventLevel } from "../base/log_level.ts";
import { within } from "../base/within.ts";
import type { Upheld } from "../hooks/action.ts";
import { upheldOf } from "../hooks/registry.ts";

/** The means to keep things up. */
export interface UpkeepContext {
  /** As {@link UpheldMeans.leaseMs} of lib/hooks. */
  readonly leaseMs: () => number;
  /** Writes one line to the log. */
  readonly log: (level: EventLevel, message: string) => void;
  /** The thing of an action; tests put in things of their own. */
  readonly of?: (action: Action) => Upheld | undefined;
}

/** How long those who wait for things to be given up wait at most, in milliseconds. */
const patienceMs = 3_000;
/** The time between two attempts to give a thing up, in milliseconds. */
const againMs = 250;
/** How often giving up is tried: what cannot be removed ends with its lease all the same. */
const mostAttempts = 40;

/** A thing that this node has, or may have. */
interface Held {
  readonly thing: Upheld;
  /** Ends the upkeep. */
  readonly over: AbortController;
  /** Runs while the thing is kept up. */
  keeping?: Promise<void>;
}

/**
 * Keeps up what one legion's lord hooks have begun and no second node may have, such as an address,
 * and gives it up at once when this node may no longer be lord: its release time is for that, and
 * for the unlord hooks (LEASE.md, rules 5 and 7).
 */
export class Upkeep {
  readonly #context: UpkeepContext;
  readonly #of: (action: Action) => Upheld | undefined;
  readonly #held = new Map<string, Held>();
  /** The things that are being given up, each with the end of that. */
  readonly #leaving = new Map<string, { wanted: AbortController; done: Promise<void> }>();
  /** The things are those of the process before this one, which may take up again. */
  #isInherited = false;

  /** Has nothing yet. */
  constructor(context: UpkeepContext) {
    this.#context = context;
    this.#of = context.of ?? upheldOf;
  }

  /**
   * Deals with what the process before this one has left: it stays where that was to be started again
   * as lord, and goes else.
   */
  begin(actions: readonly Action[], isRestart: boolean): void {
    this.#isInherited = isRestart;
    for (const thing of this.#things(actions)) {
      const held = { thing, over: new AbortController() };
      if (isRestart) this.#held.set(thing.name, held);
      else this.#giveUp(held);
    }
  }

  /** Takes note that a lord hook begins: from now on there may be something to give up. */
  begins(action: Action): void {
    const thing = this.#of(action);
    if (thing === undefined) return;
    this.#isInherited = false;
    this.#leaving.get(thing.name)?.wanted.abort();
    if (!this.#held.has(thing.name)) {
      this.#held.set(thing.name, { thing, over: new AbortController() });
    }
  }

  /** Takes note that a lord hook has ended, well or not: what it has begun is kept up. */
  ended(action: Action): void {
    const thing = this.#of(action);
    if (thing === undefined) return;
    const held = this.#held.get(thing.name);
    if (held === undefined || held.keeping !== undefined) return;
    const { leaseMs, log } = this.#context;
    held.keeping = thing.keep({ signal: held.over.signal, leaseMs, log }).catch(reportError);
  }

  /**
   * Gives everything up where this node may not be lord.
   *
   * @param mayBeLord whether it is lord, or takes over, and has a lease
   * @param isResuming asks whether it claims what its last process was, and has no lease yet
   */
  settle(mayBeLord: boolean, isResuming: () => boolean): void {
    if (mayBeLord || this.#held.size === 0) return;
    if (this.#isInherited && isResuming()) return;
    this.giveUp();
  }

  /** Gives everything up. */
  giveUp(): void {
    this.#isInherited = false;
    for (const held of [...this.#held.values()]) this.#giveUp(held);
  }

  /** Resolves when everything is given up, or 3 s have passed; never rejects. */
  get undone(): Promise<void> {
    const all = [...this.#leaving.values()].map(({ done }) => done);
    return all.length === 0 ? Promise.resolve() : within(Promise.all(all), patienceMs);
  }

  /** Keeps nothing up any more, and gives nothing up: the next process goes on. */
  letBe(): void {
    for (const { over } of this.#held.values()) over.abort();
    this.#held.clear();
  }

  /**
   * Goes by other actions from now on: a lord has the new ones' things at once, and gives up those
   * that are no longer there.
   */
  replace(actions: readonly Action[], isLord: boolean): void {
    const names = this.#things(actions).map(({ name }) => name);
    for (const held of [...this.#held.values()]) {
      if (!names.includes(held.thing.name)) this.#giveUp(held);
    }
    if (!isLord) return;
    for (const action of actions) {
      this.begins(action);
      this.ended(action);
    }
  }

  /** Logs the reasons for which things could not be had here. */
  async preflight(actions: readonly Action[]): Promise<void> {
    for (const thing of this.#things(actions)) {
      for (const why of await thing.obstacles()) this.#context.log("warn", `preflight: ${why}`);
    }
  }

  #things(actions: readonly Action[]): Upheld[] {
    return actions.flatMap((action) => this.#of(action) ?? []);
  }

  #giveUp(held: Held): void {
    const { thing: { name } } = held;
    held.over.abort();
    this.#held.delete(name);
    const wanted = new AbortController();
    const before = this.#leaving.get(name)?.done;
    const done = Promise.resolve(before).then(() => this.#undo(held, wanted.signal))
      .catch(reportError).finally(() => {
        if (this.#leaving.get(name)?.wanted === wanted) this.#leaving.delete(name);
      });
    this.#leaving.set(name, { wanted, done });
  }

  async #undo({ thing }: Held, wanted: AbortSignal): Promise<void> {
    const { log } = this.#context;
    for (let attempt = 1; attempt <= mostAttempts && !wanted.aborted; attempt++) {
      try {
        if (await thing.undo(wanted)) log("info", `${thing.name}: removed`);
        return;
      } catch (error) {
        if (attempt === 1) log("error", `${thing.name} cannot be removed: ${errorMessage(error)}`);
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    }
  }
}
