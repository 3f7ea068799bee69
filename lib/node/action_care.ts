import { equalData } from "../base/equal_data.ts";
import { errorMessage } from "../base/error_message.ts";
import type { Action } from "../base/action_kind.ts";
import { addressOf } from "../hooks/registry.ts";
import type { AddressSight, MoveContext } from "../move/context.ts";
import { look } from "../move/look.ts";
import { lookUntilAnswered } from "../move/look_until_answered.ts";
import { preflight } from "../move/preflight.ts";
import { isAt, type KeptAddress, pointsWhere } from "../move/provider.ts";
import { sightOf } from "../move/sight.ts";
import { settle, settleMs } from "../move/settle.ts";
import { type Wait, watch } from "../move/watch.ts";
import { lookAgain, lookAnew, lookAtStart } from "./looks_by_order.ts";
import type { RememberedRefusal } from "./memory/memory.ts";
import { recallRefused, type RefusedLogin, refusedLogins } from "./refused_logins.ts";

/** The means by which the care looks and reports. */
export interface CareContext extends Omit<MoveContext, "signal"> {
  /**
   * Told, after each look and after {@link ActionCare.replace}, which logins are refused for good,
   * one for each account.
   */
  readonly refused: (logins: readonly RefusedLogin[]) => void;
  /** Waits between looks; tests put in a clock of their own. */
  readonly wait?: Wait;
}

/**
 * Looks after the addresses that one legion's lord hooks move. Each is looked at once at the start,
 * so that mistakes show then, and again and again while this node is lord.
 */
export class ActionCare {
  #actions: readonly Action[];
  readonly #context: CareContext;
  readonly #running = new Set<Promise<void>>();
  readonly #closed = new AbortController();
  #lord?: AbortController;
  /** The watches of this node as lord, each with its end. */
  readonly #watches = new Map<Action, AbortController>();
  /**
   * The addresses of which no takeover has told yet that they point here, with the wait before the
   * first look, in milliseconds.
   */
  readonly #unsettled = new Map<string, number>();
  /** The addresses whose last look or takeover failed, each with the end of looking again. */
  readonly #troubled = new Map<string, AbortController>();

  /** Takes the actions of the lord hooks and the means to look and report; nothing is sent yet. */
  constructor(actions: readonly Action[], context: CareContext) {
    this.#actions = actions;
    const seen = (sight: AddressSight) => {
      context.seen(sight);
      this.seen(sight);
      this.tellRefused();
    };
    this.#context = { ...context, seen };
  }

  /**
   * Takes note that all logins worked before a restart of the node, which was lord: one that fails
   * now is not refused for good.
   */
  haveWorked(): void {
    for (const { account } of this.#addresses) this.#context.guard.hasWorked(account);
  }

  /** Takes note of logins that were refused for good before a restart of the node. */
  haveFailed(logins: readonly RememberedRefusal[]): void {
    recallRefused(logins, this.#addresses, this.#context.guard);
  }

  /** Does beforehand what the first request would have to wait for. */
  prepare(): void {
    for (const address of this.#addresses) address.prepare().catch(reportError);
  }

  /**
   * Begins the looks that are due at the start.
   *
   * @param isOrdered whether somebody wanted this start: a login that failed before is then tried
   * once more, as at a reload
   */
  preflight(isOrdered = true): void {
    this.#run(this.#actions, isOrdered ? lookAtStart : preflight, this.#closed.signal);
  }

  /**
   * Begins the looks that are due at the start, once lord hooks have asked: a login that failed is
   * not tried again.
   *
   * @param ips the addresses of which the hooks have not told where they point
   */
  preflightAfterHooks(ips: readonly string[]): void {
    const due = this.#actions.filter((action) => {
      const address = addressOf(action);
      return address !== undefined && ips.includes(address.ip) &&
        !this.#context.guard.hasLoginFailed(address.account);
    });
    this.#run(due, preflight, this.#closed.signal);
  }

  /**
   * Looks after other actions from now on. New ones are looked at once: by a lord to take the
   * address, which nobody else has, and else as at the start. Those in trouble are looked at once
   * more, since somebody may have mended what was wrong.
   *
   * @returns when these looks have ended
   */
  async replace(actions: readonly Action[]): Promise<void> {
    const old = this.#actions;
    const isLord = this.#lord !== undefined;
    const isNew = (action: Action) => !old.some((before) => equalData(before, action));
    if (!equalData(actions, old)) {
      this.lord(false);
      this.#actions = actions;
      for (const { account, ip } of addressesOf(actions.filter(isNew))) {
        if (isLord) this.#context.guard.tryAgain(account);
        // A node that is taking over now does not ask for it, and is lord soon.
        this.#unsettled.set(ip, 0);
      }
      this.lord(isLord);
      this.#lookAgainAnew();
    }
    const looks = actions.flatMap((action) => {
      const run = (look: typeof lookAnew) => this.#run([action], look, this.#closed.signal);
      if (isNew(action)) return isLord ? [] : run(lookAnew);
      const address = addressOf(action);
      if (address === undefined || !this.#isTroubled(address)) return [];
      const looks = run(lookAgain);
      return isLord && address.isBlind ? [...looks, ...this.#askAgain(address, action)] : looks;
    });
    this.tellRefused();
    await Promise.all(looks);
  }

  /** Whether an address is in trouble: its login, its last look or its last takeover has failed. */
  get hasTrouble(): boolean {
    return this.#addresses.some((address) => this.#isTroubled(address));
  }

  #isTroubled(address: KeptAddress | undefined): boolean {
    if (address === undefined) return false;
    const { account, ip } = address;
    return this.#context.guard.hasLoginFailed(account) || this.#troubled.has(ip);
  }

  /** Tells which logins are refused for good; to be called when hooks may have learned of one. */
  tellRefused(): void {
    const { guard, refused } = this.#context;
    refused(refusedLogins(this.#addresses, guard));
  }

  get #addresses(): KeptAddress[] {
    return addressesOf(this.#actions);
  }

  /** Takes note of whether this node is lord. While it is not, the watch sends nothing. */
  lord(isLord: boolean): void {
    if (isLord === (this.#lord !== undefined)) return;
    if (isLord) {
      this.#lord = new AbortController();
      for (const action of this.#actions) this.#watchAnew(action, this.#lord);
    } else {
      this.#lord?.abort();
      this.#lord = undefined;
      this.#watches.clear();
    }
    this.#lookAgainAnew();
  }

  /**
   * Takes note of a sight of an address. One in trouble is looked at again, more and more rarely,
   * until there is an answer: else the problem would be told for as long as another node is lord.
   */
  seen({ ip, wanted, pointsTo, problem }: AddressSight): void {
    if (pointsTo === wanted) this.#unsettled.delete(ip);
    if (problem !== undefined) {
      if (!this.#troubled.has(ip)) this.#lookAgain(ip);
      return;
    }
    this.#troubled.get(ip)?.abort();
    this.#troubled.delete(ip);
  }

  #lookAgain(ip: string): void {
    const ends = new AbortController();
    this.#troubled.set(ip, ends);
    // A lord has the watch, which looks as often as its owner wants.
    if (this.#lord !== undefined) return;
    const signal = AbortSignal.any([ends.signal, this.#closed.signal]);
    const { wait } = this.#context;
    this.#run(this.#actionsFor(ip), (...of) => lookUntilAnswered(...of, wait), signal);
  }

  /** Begins the looks at addresses in trouble anew, since the title or the actions have changed. */
  #lookAgainAnew(): void {
    for (const [ip, ends] of [...this.#troubled]) {
      ends.abort();
      this.#troubled.delete(ip);
      if (this.#actionsFor(ip).length > 0) this.#lookAgain(ip);
    }
  }

  /**
   * Looks at an address now, with one request, since somebody else may have moved it; resolves when
   * that is done. An address that no lord hook of this node moves is not looked at.
   *
   * @param told the server that it was moved to, as the one says who has moved it; counts for an
   * address that no look tells of
   */
  async look(ip: string, told?: string): Promise<void> {
    const once = async (address: KeptAddress, context: MoveContext) => {
      if (address.isBlind && told !== undefined) {
        context.seen(sightOf(address, address.serverName(told)));
      }
      const found = await look(address, context);
      if ("problem" in found || this.#lord === undefined) return;
      if (found.status === "processing" || isAt(address, found.pointsTo, address.wanted)) return;
      context.log("warn", `${pointsWhere({ ...found, ip })}, and this node is the lord`);
    };
    await Promise.all(this.#run(this.#actionsFor(ip), once, this.#closed.signal));
  }

  /** The first action that moves an address. */
  #actionsFor(ip: string): Action[] {
    return this.#actions.filter((action) => addressOf(action)?.same(ip, addressOf(action)!.ip))
      .slice(0, 1);
  }

  /** Takes note of an address of which the takeover has not told that it points here. */
  unsettled(ip: string): void {
    this.#unsettled.set(ip, settleMs);
  }

  /** Ends all looks; resolves when none runs any more. */
  async close(): Promise<void> {
    this.lord(false);
    this.#closed.abort();
    await Promise.all(this.#running);
  }

  /** Lets a lord ask for the switch of an address again, in the place of its watch so far. */
  #askAgain({ ip }: KeptAddress, action: Action): Promise<void>[] {
    const own = this.#actions.find((each) => equalData(each, action));
    if (own === undefined || this.#lord === undefined) return [];
    this.#unsettled.set(ip, 0);
    return this.#watchAnew(own, this.#lord);
  }

  #watchAnew(action: Action, lord: AbortController): Promise<void>[] {
    this.#watches.get(action)?.abort();
    const ends = new AbortController();
    this.#watches.set(action, ends);
    const signal = AbortSignal.any([ends.signal, lord.signal]);
    return this.#run([action], (...of) => this.#watch(...of), signal);
  }

  async #watch(address: KeptAddress, context: MoveContext): Promise<void> {
    const { ip } = address;
    const { wait } = this.#context;
    const firstMs = this.#unsettled.get(ip);
    if (firstMs !== undefined) await settle(address, context, wait, firstMs);
    if (context.signal.aborted) return;
    this.#unsettled.delete(ip);
    await watch(address, context, wait);
  }

  #run(
    actions: readonly Action[],
    care: (address: KeptAddress, context: MoveContext) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>[] {
    return addressesOf(actions).map((address) => {
      const run = this.#logged(care(address, { signal, ...this.#context })).catch(reportError);
      this.#running.add(run);
      run.finally(() => this.#running.delete(run));
      return run;
    });
  }

  // A failed look is logged, since no mistake in it may end the node.
  async #logged(run: Promise<void>): Promise<void> {
    try {
      await run;
    } catch (error) {
      const reason = errorMessage(error);
      this.#context.log("error", `a look at an action failed: ${reason}`);
    }
  }
}

function addressesOf(actions: readonly Action[]): KeptAddress[] {
  return actions.flatMap((action) => addressOf(action) ?? []);
}
