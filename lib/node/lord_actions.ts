import type { Action } from "../base/action_kind.ts";
import type { Clock } from "../base/clock.ts";
import type { LegionConfig } from "../config/config.ts";
import { ActionCare, type CareContext } from "./action_care.ts";
import { isOrdered, isRestart, lordshipBefore, serviceBefore } from "./before.ts";
import type { LegionRecord } from "./legion_record.ts";
import type { Memory } from "./memory/memory.ts";
import { Upkeep, type UpkeepContext } from "./upkeep.ts";

/** The means to look after the lord hooks' actions, and to report. */
export interface LordActionsContext extends Pick<UpkeepContext, "leaseMs"> {
  /** The means of the looks. */
  readonly care: CareContext;
  /** The clock of the looks at the start. */
  readonly clock: Clock;
  /** The memory of the last process of this node. */
  readonly memory: Memory;
  /** The hooks that run, and the addresses as far as they have been seen. */
  readonly record: LegionRecord;
}

// The wait before the looks at the start, in milliseconds.
const preflightMs = 1_000;
// The wait before a node prepares its first request, in milliseconds: by then one that was to be lord
// at once has sent its own.
const prepareMs = 300;

/**
 * Looks after the actions of a legion's lord hooks from its start to its end, besides running them:
 * the addresses that they move, and the things of this machine that they have.
 */
export class LordActions {
  /** Looks where the addresses point. */
  readonly care: ActionCare;
  /** Keeps up what lord hooks have begun, and gives it up. */
  readonly upkeep: Upkeep;
  readonly #context: LordActionsContext;
  readonly #toleranceMs: number;
  #actions: readonly Action[];
  /** Calls the looks at the start off. */
  #cancelLooks = () => {};
  /** Calls the preparation of the first request off. */
  #cancelPreparation = () => {};

  /** Takes what is known of the logins before a restart of the node; nothing is sent yet. */
  constructor(config: LegionConfig, context: LordActionsContext) {
    const { memory, care, record, leaseMs } = context;
    this.#context = context;
    this.#toleranceMs = config.toleranceMs;
    this.#actions = lordActions(config);
    this.care = new ActionCare(this.#actions, care);
    this.upkeep = new Upkeep({
      leaseMs,
      log: care.log,
      seen: (ip, sight) => record.upheldSeen(ip, sight),
      hasLord: () => (record.reigns.at(-1)?.lord ?? "") !== "",
    });
    if (lordshipBefore(memory) === "lord") this.care.haveWorked();
    else this.care.haveFailed(serviceBefore(memory)?.refused ?? []);
  }

  /** Deals with what the process before this one has left. */
  begin(): void {
    this.upkeep.begin(this.#actions, isRestart(this.#context.memory));
  }

  /**
   * Sets the looks at the start, by which mistakes show. The first request takes the runtime a while,
   * and many servers have one processor or two: a lord that is elected at once asks for its addresses
   * before any node looks. The lord hooks of a node that takes up again look, if they come to run.
   *
   * @param isHighest whether this node is to be lord at once
   */
  lookAtStart(isHighest: boolean): void {
    const { clock, memory, record } = this.#context;
    const nowMs = clock.now().monotonicMs;
    // The others of a machine have better use for its processors.
    if (isHighest) this.care.prepare();
    else this.#cancelPreparation = clock.at(nowMs + prepareMs, () => this.care.prepare());
    const takesUp = lordshipBefore(memory) !== undefined;
    const waitMs = takesUp ? Math.max(this.#toleranceMs, preflightMs) : preflightMs;
    this.#cancelLooks = clock.at(nowMs + waitMs, () => {
      this.upkeep.watch().catch(reportError);
      const { hasLooked, running, addresses } = record;
      const hasAsked = hasLooked || running.some(({ event }) => event === "lord");
      if (!hasAsked) return this.care.preflight(takesUp || isOrdered(memory));
      // A lord hook tells where an address points, unless it was refused.
      const unseen = addresses.filter(({ seen }) => seen === 0).map(({ ip }) => ip);
      this.care.preflightAfterHooks(unseen);
    });
  }

  /**
   * Goes by another configuration from now on.
   *
   * @param isLord asks whether this node is lord now
   * @returns when the looks at new addresses, and at those in trouble, have ended
   */
  async replace(config: LegionConfig, isLord: () => boolean): Promise<void> {
    this.#actions = lordActions(config);
    const looks = this.care.replace(this.#actions);
    this.upkeep.replace(this.#actions, isLord());
    await looks;
  }

  /** Gives everything up, and ends all looks; resolves when that is done. */
  async close(): Promise<void> {
    this.#cancelPreparation();
    this.#cancelLooks();
    this.upkeep.close();
    this.upkeep.giveUp();
    await this.upkeep.undone;
    await this.care.close();
  }
}

function lordActions({ hooks }: LegionConfig): Action[] {
  return hooks.filter(({ event }) => event === "lord").map(({ action }) => action);
}
