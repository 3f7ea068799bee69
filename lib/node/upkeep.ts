import { delay } from "@std/async/delay";
import type { Action } from "../base/action_kind.ts";
import { errorMessage } from "../base/error_message.ts";
import type { EventLevel } from "../base/log_level.ts";
import { within } from "../base/within.ts";
import type { Upheld, UpheldSight } from "../hooks/action.ts";
import { upheldOf } from "../hooks/registry.ts";

/** The means to keep things up. */
export interface UpkeepContext {
  /** As {@link UpheldMeans.leaseMs} of lib/hooks. */
  readonly leaseMs: () => number;
  /** Writes one line to the log. */
  readonly log: (level: EventLevel, message: string) => void;
  /**
   * Takes note of what was seen of an address: whether it is here, left out where another machine has
   * it; and what is wrong with it.
   */
  readonly seen: (ip: string, sight: Partial<UpheldSight>) => void;
  /** Asks whether a lord is heard, or this node is lord. */
  readonly hasLord: () => boolean;
  /** The thing of an action; tests put in things of their own. */
  readonly of?: (action: Action) => Upheld | undefined;
  /** Waits between two looks; tests put in a clock of their own. */
  readonly wait?: (ms: number, options: { readonly signal: AbortSignal }) => Promise<void>;
}

/** How long those who wait for things to be given up wait at most, in milliseconds. */
const patienceMs = 3_000;
/** The time between two attempts to give a thing up, in milliseconds. */
const againMs = 250;
/** The time between two looks at a thing that this node does not have, in milliseconds. */
const lookMs = 10_000;
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
  /** All things of the configuration. */
  #all: readonly Upheld[] = [];
  /** The problems of each thing that the log has told, so that it tells none twice. */
  readonly #troubles = new Map<string, readonly string[]>();
  /** Ends the looks. */
  readonly #closed = new AbortController();
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
    this.#all = this.#things(actions);
    for (const thing of this.#all) {
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
    const { signal } = held.over;
    const seen = (sight: UpheldSight) => this.#seen(thing, sight, "error");
    held.keeping = thing.keep({ signal, leaseMs, log, seen }).catch(reportError);
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
    this.#all = this.#things(actions);
    const names = this.#all.map(({ name }) => name);
    for (const name of this.#troubles.keys()) {
      if (!names.includes(name)) this.#troubles.delete(name);
    }
    for (const held of [...this.#held.values()]) {
      if (!names.includes(held.thing.name)) this.#giveUp(held);
    }
    if (!isLord) return;
    for (const action of actions) {
      this.begins(action);
      this.ended(action);
    }
  }

  /**
   * Looks again and again at the things that this node does not have: what keeps one from being had
   * is told, and one that has come here by other means goes. Never rejects.
   */
  async watch(): Promise<void> {
    const { wait = delay } = this.#context;
    const { signal } = this.#closed;
    while (!signal.aborted) {
      for (const thing of this.#all) await this.#look(thing).catch(reportError);
      await wait(lookMs, { signal }).catch(() => {});
    }
  }

  /** Ends the looks. */
  close(): void {
    this.#closed.abort();
  }

  async #look(thing: Upheld): Promise<void> {
    const isLeftAlone = () =>
      this.#closed.signal.aborted || this.#held.has(thing.name) || this.#leaving.has(thing.name);
    if (isLeftAlone()) return;
    const { hasLord } = this.#context;
    const { isHere, other, problems } = await thing.look(!hasLord());
    // A lord hook may have begun meanwhile.
    if (isLeftAlone() || !this.#all.includes(thing)) return;
    const isTaken = other !== undefined && !hasLord();
    const taken = isTaken ? [`another machine has it, and no lord is heard: ${other}`] : [];
    this.#seen(thing, { problems: [...problems, ...taken] }, "warn");
    if (!isHere) return;
    this.#context.log("warn", `${thing.name}: it is here, and this node is not lord`);
    this.#giveUp({ thing, over: new AbortController() });
  }

  /** Takes note of a sight, and logs what is wrong now and was not before, or no longer is. */
  #seen(thing: Upheld, sight: Partial<UpheldSight>, level: EventLevel): void {
    const { log, seen } = this.#context;
    const { problems = [] } = sight;
    const before = this.#troubles.get(thing.name) ?? [];
    this.#troubles.set(thing.name, problems);
    for (const why of problems) if (!before.includes(why)) log(level, `${thing.name}: ${why}`);
    for (const why of before) {
      if (!problems.includes(why)) log("info", `${thing.name}: no longer so: ${why}`);
    }
    seen(thing.ip, sight);
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
        if (!await thing.undo(wanted)) return;
        log("info", `${thing.name}: removed`);
        this.#seen(thing, { isHere: false }, "error");
        return;
      } catch (error) {
        const problem = `it cannot be removed: ${errorMessage(error)}`;
        this.#seen(thing, { isHere: true, problems: [problem] }, "error");
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    }
  }
}
