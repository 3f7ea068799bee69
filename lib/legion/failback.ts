import { outranks, type Voter } from "./election.ts";
import type { Member, Membership } from "./membership.ts";
import { memo } from "./memo.ts";

/** When a node takes the title back from a lord that it outranks. */
export type FailbackUse =
  | { readonly kind: "immediate" }
  | { readonly kind: "delay"; readonly delayMs: number }
  | { readonly kind: "manual" };

/** What the decision is about. */
export interface FailbackSituation {
  readonly members: Membership;
  /** The present rank of this node; its valor is 0 while it holds back. */
  readonly self: Voter;
  readonly quorum: number;
  readonly nowMs: number;
}

/**
 * Whether a node stands with its own valor, or holds back as an arbiter, so that its return takes
 * the title from nobody. It holds back from its start, and whenever it sees no quorum: only among
 * the others can it learn whether there is a lord.
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
  /** It may take the title from a lord. */
  #promoted = false;
  readonly #lordNow = memo(lordAmong);
  /** The name of the lord that this node makes way for, and the last that was told. */
  #spared?: string;
  #told?: string;

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

  /** Takes its own valor as soon as it can, whoever is lord. */
  promote(): void {
    this.#promoted = true;
  }

  /** The valor to have now, while this node is not lord. To be called whenever something changed. */
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

  /** When its valor may change by itself, monotonic; Infinity: it does not. */
  dueMs(nowMs: number): number {
    if (this.#use.kind === "immediate" || this.#valor === 0) return Infinity;
    const times = [
      this.#lordMs + this.#toleranceMs,
      this.#sinceMs + this.#delayMs,
      this.#aloneMs + this.#patienceMs,
    ];
    return Math.min(...times.filter((atMs) => atMs > nowMs), Infinity);
  }

  /** Until when it holds back if nothing happens, monotonic; Infinity: until it is promoted. */
  get untilMs(): number {
    return this.#sinceMs + this.#delayMs;
  }

  /** Which lord it has come to make way for, and for how long, when that is new. */
  news(nowMs: number): string | undefined {
    if (this.#spared === this.#told) return undefined;
    this.#told = this.#spared;
    return this.#spared && `makes way for ${this.#spared} ${heldBackText(this.untilMs, nowMs)}`;
  }

  /** This node is lord: the next time it is for others to be asked. */
  done(): void {
    this.#promoted = false;
  }

  /** Others that take another valor are gone for a moment. */
  get #patienceMs(): number {
    return this.#toleranceMs / 3;
  }

  get #delayMs(): number {
    return this.#use.kind === "delay" ? this.#use.delayMs : Infinity;
  }
}

/** For how long a node holds back, for log and status. */
export function heldBackText(untilMs: number, nowMs: number): string {
  const until = untilMs < Infinity
    ? `for ${((untilMs - nowMs) / 1000).toFixed(1)} s more`
    : "until it is promoted";
  return `${until}, or until there is no lord`;
}

/** The highest of those who say that they are lord, or about to be. */
function lordAmong(members: Membership, _revision: number): Member | undefined {
  let lord: Member | undefined;
  for (const member of members) {
    const { lord: since, claim } = member.said;
    if (since === 0 && !claim) continue;
    if (lord === undefined || outranks(member, lord)) lord = member;
  }
  return lord;
}
