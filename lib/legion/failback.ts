import type { FailbackUse } from "../base/failback_use.ts";
import { outranks } from "./election.ts";
import type { Member } from "./membership.ts";
import type { Reason } from "./reason.ts";

/** The facts that the decision rests on. */
export interface FailbackSituation {
  /** This node's own rank: its configured valor, under its present uuid. */
  readonly own: { readonly valor: number; readonly uuid: string };
  /** The highest node that says it is lord, or taking over; undefined: none. */
  readonly lord?: Member;
  /** Whether as many nodes are present as votes are needed. */
  readonly isQuorate: boolean;
  /** Whether the node stands back for other reasons anyway. */
  readonly isBarred: boolean;
  /** The present moment, monotonic, in milliseconds. */
  readonly nowMs: number;
}

/**
 * Decides whether a node holds back, so that it takes the title from nobody: by `legion-failback`,
 * or since a lord hook of its own failed (LEASE.md, rule 11). With `legion-failback` a node holds
 * back from its start, and whenever it sees no quorum: only among the others can it learn whether
 * there is a lord.
 */
export class Failback {
  #use: FailbackUse;
  #toleranceMs: number;
  #holds = false;
  /** A lord hook failed, and this node has not been lord since. */
  #failed = false;
  /** When a lord was last heard, or else when this began, monotonic. */
  #lordMs = -Infinity;
  /** The name of the lord that this node spares; undefined: none. */
  #spared?: string;
  /** Since when there is a lord that this node outranks, monotonic; Infinity: there is none. */
  #sinceMs = Infinity;
  /** Since when this node sees no quorum, monotonic; Infinity: it sees one. */
  #aloneMs = Infinity;
  /** This node may take the title from a lord. */
  #promoted = false;

  /**
   * Decides nothing before {@link Failback.begin}.
   *
   * @param options.failback when to take the title back
   * @param options.toleranceMs after how long a silent lord counts as gone, in milliseconds
   */
  constructor(options: { failback: FailbackUse; toleranceMs: number }) {
    this.#use = options.failback;
    this.#toleranceMs = options.toleranceMs;
  }

  /** Goes by other options from now on. */
  reconfigure(options: { failback: FailbackUse; toleranceMs: number }): void {
    this.#use = options.failback;
    this.#toleranceMs = options.toleranceMs;
  }

  /** Begins, at the start of the node. */
  begin(nowMs: number): void {
    this.#lordMs = nowMs;
    this.#holds = this.#use.kind !== "immediate";
  }

  /** Makes the node stand as soon as it can, whoever is lord. */
  promote(): void {
    this.#promoted = true;
  }

  /** Notes that a lord hook of this node failed: until it is lord, it takes the title from nobody. */
  failed(): void {
    this.#failed = true;
  }

  /** Notes that this node is lord; the next time it holds back again. */
  done(): void {
    this.#promoted = this.#failed = false;
  }

  /**
   * The reason to hold back now, while this node is not lord; undefined: none. Must be asked for
   * whenever something has changed.
   */
  reason(situation: FailbackSituation): Reason | undefined {
    this.#holds = this.#decide(situation);
    if (!this.#holds) return undefined;
    const untilMs = this.#sinceMs + this.#delayMs;
    if (untilMs < Infinity) return { kind: "holding back", why: this.#why(), untilMs };
    return { kind: "holding back", why: this.#why() };
  }

  #why(): string {
    if (this.#spared === undefined) return "it does not know yet whether there is a lord";
    const spares = `it makes way for ${this.#spared}`;
    if (this.#failed) return `${spares}, since a lord hook failed here`;
    return this.#use.kind === "manual" ? `${spares} until it is promoted` : spares;
  }

  /** When the decision may change by itself, monotonic; Infinity: never. */
  dueMs(nowMs: number): number {
    if (!this.#isInUse) return Infinity;
    const times = [
      this.#lordMs + this.#toleranceMs,
      this.#sinceMs + this.#delayMs,
      this.#aloneMs + this.#patienceMs,
    ];
    return Math.min(...times.filter((atMs) => atMs > nowMs), Infinity);
  }

  get #isInUse(): boolean {
    return this.#failed || this.#use.kind !== "immediate";
  }

  #decide({ own, lord, isQuorate, isBarred, nowMs }: FailbackSituation): boolean {
    this.#spared = undefined;
    if (lord !== undefined) this.#lordMs = Math.max(this.#lordMs, lord.heardMs);
    if (!this.#isInUse || own.valor === 0) return false;
    const isHigher = lord !== undefined && outranks(own, lord);
    this.#sinceMs = isHigher && !isBarred ? Math.min(this.#sinceMs, nowMs) : Infinity;
    this.#aloneMs = isQuorate ? Infinity : Math.min(this.#aloneMs, nowMs);
    if (isBarred) this.#promoted = false;
    if (this.#aloneMs < Infinity) {
      this.#promoted = false;
      return this.#holds || nowMs >= this.#aloneMs + this.#patienceMs;
    }
    if (nowMs >= this.#sinceMs + this.#delayMs) this.promote();
    if (this.#promoted) return false;
    if (isHigher) {
      this.#spared = lord.name;
      return true;
    }
    const isLordless = lord === undefined && nowMs - this.#lordMs < this.#toleranceMs;
    return isLordless && this.#holds;
  }

  /**
   * How long a lack of quorum is borne, in milliseconds: members that change their valor are gone
   * for a moment.
   */
  get #patienceMs(): number {
    return this.#toleranceMs / 3;
  }

  /** How long a lord is spared, in milliseconds; Infinity: for as long as it is one. */
  get #delayMs(): number {
    return this.#use.kind === "delay" && !this.#failed ? this.#use.delayMs : Infinity;
  }
}
