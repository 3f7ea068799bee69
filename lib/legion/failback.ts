import type { FailbackUse } from "../base/failback_use.ts";
import { outranks } from "./election.ts";
import type { Member } from "./membership.ts";
import type { Reason } from "./reason.ts";

/** A time for which a node takes the title from nobody, until it has been lord (LEASE.md, rule 11). */
export interface Spares {
  /** The end of that time, monotonic; Infinity: until it has been lord. */
  readonly untilMs: number;
  /** The reason: a lord hook failed, or the last process ended without taking leave. */
  readonly why: "hook failed" | "crashed";
}

/** The facts that the decision rests on. */
export interface FailbackSituation {
  /** This node's own rank: its configured valor, under its present uuid. */
  readonly own: { readonly valor: number; readonly uuid: string };
  /** The highest node that says it is lord, or taking over; undefined: none. */
  readonly lord?: Member;
  /** Whether as many nodes are present as votes are needed. */
  readonly isQuorate: boolean;
  /** Whether all listed nodes are heard, so that no lord is unknown. */
  readonly isComplete: boolean;
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
  /** For how long this node takes the title from nobody, whatever the use; undefined: it may. */
  #spares?: Spares;
  /** When a lord was last heard, or else when this began, monotonic. */
  #lordMs = -Infinity;
  /** The name of the lord for which this node makes way; undefined: none. */
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

  /**
   * Begins, at the start of the node.
   *
   * @param options.spares for how long the node takes the title from nobody
   * @param options.held whether it held back before; undefined: it was not there
   */
  begin(nowMs: number, { spares, held }: { spares?: Spares; held?: boolean } = {}): void {
    this.#lordMs = nowMs;
    this.#spares = spares;
    this.#holds = held ?? (spares !== undefined || this.#use.kind !== "immediate");
  }

  /** For how long this node takes the title from nobody, whatever the use; undefined: it may. */
  get spares(): Spares | undefined {
    return this.#spares;
  }

  /** Makes the node stand as soon as it can, whoever is lord. */
  promote(): void {
    this.#promoted = true;
  }

  /** Notes that a lord hook of this node failed: until it is lord, it takes the title from nobody. */
  failed(): void {
    this.#spares = { untilMs: Infinity, why: "hook failed" };
  }

  /** Notes that this node is lord; the next time it holds back again. */
  done(): void {
    this.#promoted = false;
    this.#spares = undefined;
  }

  /**
   * The reason to hold back now, while this node is not lord; undefined: none. Must be asked for
   * whenever something has changed.
   */
  reason(situation: FailbackSituation): Reason | undefined {
    if (situation.nowMs >= (this.#spares?.untilMs ?? Infinity)) this.#spares = undefined;
    this.#holds = this.#decide(situation);
    if (!this.#holds) return undefined;
    const untilMs = this.#untilMs;
    if (untilMs < Infinity) return { kind: "holding back", why: this.#why(), untilMs };
    return { kind: "holding back", why: this.#why() };
  }

  #why(): string {
    if (this.#spared === undefined) return "it does not know yet whether there is a lord";
    const spares = `it makes way for ${this.#spared}`;
    if (this.#spares?.why === "hook failed") return `${spares}, since a lord hook failed here`;
    if (this.#spares !== undefined) return `${spares}, since its last process crashed`;
    return this.#use.kind === "manual" ? `${spares} until it is promoted` : spares;
  }

  /** When the decision may change by itself, monotonic; Infinity: never. */
  dueMs(nowMs: number): number {
    if (!this.#isInUse) return Infinity;
    const times = [
      this.#lordMs + this.#toleranceMs,
      this.#untilMs,
      this.#aloneMs + this.#patienceMs,
    ];
    return Math.min(...times.filter((atMs) => atMs > nowMs), Infinity);
  }

  get #isInUse(): boolean {
    return this.#spares !== undefined || this.#use.kind !== "immediate";
  }

  #decide({ own, lord, isQuorate, isComplete, isBarred, nowMs }: FailbackSituation): boolean {
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
    if (nowMs >= this.#untilMs) this.promote();
    if (this.#promoted) return false;
    if (isHigher) {
      this.#spared = lord.name;
      return true;
    }
    const isUnsure = lord === undefined && nowMs - this.#lordMs < this.#toleranceMs &&
      !isComplete;
    return isUnsure && this.#holds;
  }

  /**
   * How long a lack of quorum is borne, in milliseconds: members that change their valor are gone
   * for a moment.
   */
  get #patienceMs(): number {
    return this.#toleranceMs / 3;
  }

  /** When this node takes the title from a lord that it outranks, monotonic; Infinity: never. */
  get #untilMs(): number {
    if (this.#use.kind === "manual") return Infinity;
    const delayMs = this.#use.kind === "delay" ? this.#use.delayMs : 0;
    return Math.max(this.#spares?.untilMs ?? -Infinity, this.#sinceMs + delayMs);
  }
}
