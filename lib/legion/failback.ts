import type { FailbackUse } from "../base/failback_use.ts";
import { outranks, type Voter } from "./election.ts";
import type { Member, Membership } from "./membership.ts";
import { memo } from "./memo.ts";

/** The facts that the decision rests on. */
export interface FailbackSituation {
  /** All other nodes that are heard. */
  readonly members: Membership;
  /** The present rank of this node; its valor is 0 while it holds back. */
  readonly self: Voter;
  /** Votes needed for a lord. */
  readonly quorum: number;
  /** The present moment, monotonic, in milliseconds. */
  readonly nowMs: number;
}

/**
 * Decides whether a node stands with its own valor, or holds back as an arbiter so that its return
 * takes the title from nobody. A node holds back from its start, and whenever it sees no quorum:
 * only among the others can it learn whether there is a lord.
 */
export class Failback {
  #use: FailbackUse;
  readonly #valor: number;
  #toleranceMs: number;
  /** When a lord was last heard, or else when this began, monotonic. */
  #lordMs = -Infinity;
  /** Since when there is a lord that this node outranks, monotonic; Infinity: there is none. */
  #sinceMs = Infinity;
  /** Since when this node sees no quorum, monotonic; Infinity: it sees one. */
  #aloneMs = Infinity;
  /** This node may take the title from a lord. */
  #promoted = false;
  readonly #lordNow = memo(lordAmong);
  /** The name of the lord that this node makes way for, and of the last one logged. */
  #spared?: string;
  #told?: string;

  /**
   * Decides nothing before {@link Failback.begin}.
   *
   * @param options.failback when to take the title back
   * @param options.valor the node's own valor
   * @param options.toleranceMs after how long a silent lord counts as gone, in milliseconds
   */
  constructor(options: { failback: FailbackUse; valor: number; toleranceMs: number }) {
    this.#use = options.failback;
    this.#valor = options.valor;
    this.#toleranceMs = options.toleranceMs;
  }

  /** Goes by other options from now on. */
  reconfigure(options: { failback: FailbackUse; toleranceMs: number }): void {
    this.#use = options.failback;
    this.#toleranceMs = options.toleranceMs;
  }

  /** The valor to begin with, at a start or a return. */
  begin(nowMs: number): number {
    this.#lordMs = nowMs;
    this.#sinceMs = Infinity;
    this.#aloneMs = Infinity;
    this.#promoted = false;
    this.#spared = this.#told = undefined;
    return this.#use.kind === "immediate" ? this.#valor : 0;
  }

  /** Makes the node take its own valor as soon as it can, whoever is lord. */
  promote(): void {
    this.#promoted = true;
  }

  /**
   * The valor to have now, while this node is not lord. Must be asked for whenever something has
   * changed.
   */
  valor(situation: FailbackSituation): number {
    this.#spared = undefined;
    if (this.#use.kind === "immediate" || this.#valor === 0) return this.#valor;
    const { members, self, quorum, nowMs } = situation;
    const lord = this.#lordNow(members, members.revision);
    if (lord !== undefined) this.#lordMs = Math.max(this.#lordMs, lord.heardMs);
    const own = { uuid: self.uuid, valor: this.#valor };
    const isHigher = lord !== undefined && outranks(own, lord);
    this.#sinceMs = isHigher ? Math.min(this.#sinceMs, nowMs) : Infinity;
    this.#aloneMs = 1 + members.size < quorum ? Math.min(this.#aloneMs, nowMs) : Infinity;
    if (this.#aloneMs < Infinity) {
      this.#promoted = false;
      return nowMs >= this.#aloneMs + this.#patienceMs ? 0 : self.valor;
    }
    if (nowMs >= this.#sinceMs + this.#delayMs) this.promote();
    if (this.#promoted) return this.#valor;
    if (isHigher) {
      this.#spared = lord.name;
      return 0;
    }
    const isLordless = lord === undefined && nowMs - this.#lordMs < this.#toleranceMs;
    return isLordless ? self.valor : this.#valor;
  }

  /** When the valor may change by itself, monotonic; Infinity: never. */
  dueMs(nowMs: number): number {
    if (this.#use.kind === "immediate" || this.#valor === 0) return Infinity;
    const times = [
      this.#lordMs + this.#toleranceMs,
      this.#sinceMs + this.#delayMs,
      this.#aloneMs + this.#patienceMs,
    ];
    return Math.min(...times.filter((atMs) => atMs > nowMs), Infinity);
  }

  /**
   * The time until which the node holds back if nothing happens, monotonic; Infinity: until it is
   * promoted.
   */
  get untilMs(): number {
    return this.#sinceMs + this.#delayMs;
  }

  /**
   * A line for the log when the node begins to make way for a lord: its name, and for how long;
   * undefined: nothing new.
   */
  news(nowMs: number): string | undefined {
    if (this.#spared === this.#told) return undefined;
    this.#told = this.#spared;
    return this.#spared && `makes way for ${this.#spared} ${heldBackText(this.untilMs, nowMs)}`;
  }

  /** Ends the promotion: this node is lord, and will hold back the next time. */
  done(): void {
    this.#promoted = false;
  }

  /**
   * How long a lack of quorum is borne, in milliseconds: members that change their valor are gone
   * for a moment.
   */
  get #patienceMs(): number {
    return this.#toleranceMs / 3;
  }

  get #delayMs(): number {
    return this.#use.kind === "delay" ? this.#use.delayMs : Infinity;
  }
}

/** For how long a node holds back, in words, for log and status. */
export function heldBackText(untilMs: number, nowMs: number): string {
  const until = untilMs < Infinity
    ? `for ${((untilMs - nowMs) / 1000).toFixed(1)} s more`
    : "until it is promoted";
  return `${until}, or until there is no lord`;
}

/** The highest of the members that say they are lord, or taking over. */
function lordAmong(members: Membership, _revision: number): Member | undefined {
  let lord: Member | undefined;
  for (const member of members) {
    const { lord: since, claim } = member.said;
    if (since === 0 && !claim) continue;
    if (lord === undefined || outranks(member, lord)) lord = member;
  }
  return lord;
}
