import type { Beginning } from "./beginning.ts";
import { Failback, type FailbackSituation } from "./failback.ts";
import { Flap } from "./flap.ts";
import type { LordshipState } from "./lordship.ts";
import type { Notes } from "./notes.ts";
import type { LegionOptions } from "./options.ts";
import type { Reason } from "./reason.ts";

// For how many tolerances there is no lord before a node that flaps stands all the same: a lord that
// may lose the title again is better than none (LEASE.md, rule 11).
const lordlessTolerances = 3;

// For how many tolerances a node takes the title from nobody after a crash (LEASE.md, rule 11).
const crashTolerances = 4;

/** The facts that a standing rests on. */
export interface StandingSituation extends Omit<FailbackSituation, "isBarred"> {
  /** The stage of this node's lordship. */
  readonly lordship: LordshipState;
}

type StandingOptions = Pick<
  LegionOptions,
  "failback" | "flap" | "toleranceMs" | "deathOnLordErrorMs" | "lease" | "voters" | "node"
>;

/**
 * Decides whether a node stands with its own valor, or stands back, and for which reasons. A node
 * that stands back stays in the legion as an arbiter: it votes, supports others and counts (LEASE.md,
 * rule 11).
 */
export class Standing {
  #options: StandingOptions;
  readonly #failback: Failback;
  readonly #flap: Flap;
  #told: readonly Reason[] = [];
  #hookFailedUntilMs = -Infinity;
  /** When a lord was last known, this node or another, or else when this began, monotonic. */
  #lordMs = -Infinity;
  /** When this node lost its quorum as lord, monotonic, while nobody else is known to be lord. */
  #lostQuorumMs?: number;

  /** Stands, or holds back, from {@link Standing.begin} on. */
  constructor(options: StandingOptions) {
    this.#options = options;
    this.#failback = new Failback(options);
    this.#flap = new Flap(options.flap);
  }

  /** Goes by other options from now on. */
  reconfigure(options: StandingOptions): void {
    this.#options = options;
    this.#failback.reconfigure(options);
    this.#flap.limit = options.flap;
  }

  /**
   * Begins, at the start of the node. One whose last process crashed takes the title from nobody for
   * a while, unless it takes up again; and a lord's crash counts as flapping (LEASE.md, rule 11). One
   * that took leave begins anew.
   */
  begin(beginning: Beginning, nowMs: number): void {
    const { isResumed, isCrashed, claims } = beginning;
    const notes = beginning.notes?.end === "leave" ? undefined : beginning.notes;
    this.#lordMs = nowMs;
    this.#hookFailedUntilMs = notes?.hookFailedUntilMs ?? -Infinity;
    this.#flap.remember(notes?.lostMs ?? []);
    if (isCrashed && claims) this.#flap.lost(nowMs);
    const untilMs = nowMs + crashTolerances * this.#options.toleranceMs;
    const isSparing = isCrashed && (notes?.spares?.untilMs ?? -Infinity) < untilMs;
    const spares = isSparing ? { untilMs, why: "crashed" } as const : notes?.spares;
    const held = isResumed ? notes?.valor === 0 : undefined;
    this.#failback.begin(nowMs, { spares, held });
  }

  /** A text that differs whenever other things are to be noted. */
  get notedMark(): string {
    const spares = this.#failback.spares;
    return `${this.#flap.lostMs} ${this.#hookFailedUntilMs} ${spares?.untilMs}`;
  }

  /** All that is to be noted (LEASE.md, rule 12). */
  get noted(): Pick<Notes, "lostMs" | "hookFailedUntilMs" | "spares"> {
    const hookFailedUntilMs = this.#hookFailedUntilMs;
    return {
      lostMs: this.#flap.lostMs,
      ...hookFailedUntilMs > -Infinity ? { hookFailedUntilMs } : {},
      spares: this.#failback.spares,
    };
  }

  /** Takes in the reasons that the node itself has to stand back; empty: none. */
  tell(reasons: readonly Reason[]): void {
    this.#told = reasons;
  }

  /** Makes the node stand as soon as `legion-failback` alone keeps it from it. */
  promote(): void {
    this.#failback.promote();
  }

  /** Notes that a lord hook failed where that bars a node (`legion-death-on-lord-error`). */
  hookFailed(nowMs: number): void {
    this.#hookFailedUntilMs = nowMs + this.#options.deathOnLordErrorMs;
    this.#failback.failed();
  }

  /** Notes that this node is lord. */
  isLord(): void {
    this.#failback.done();
    this.#lostQuorumMs = undefined;
  }

  /** Notes that this node has lost its quorum as lord: a fault of its own if another becomes lord. */
  lostQuorum(nowMs: number): void {
    this.#lostQuorumMs = nowMs;
  }

  /** Notes that this node gives the title up because it has to stand back. */
  gaveUp(nowMs: number): void {
    if (this.#told.some(({ kind }) => kind === "unfit") && !this.#isPlanned) this.#flap.lost(nowMs);
  }

  /**
   * The reasons to stand back now; empty: the node stands with its own valor. Must be asked for
   * whenever something has changed.
   */
  reasons(situation: StandingSituation): Reason[] {
    const { nowMs, lord, lordship } = situation;
    this.#noteLord(situation);
    const { untilMs } = this.#flap;
    const isLordless = nowMs >= this.#lordlessMs;
    if (nowMs < untilMs && isLordless && this.#told.length === 0) this.#flap.forget();
    const barred = [...this.#ownAddress(), ...this.#told, ...this.#ofItself(nowMs)];
    const isTitled = lordship === "lord" || lordship === "taking over";
    const isBarred = barred.length > 0;
    const holding = isTitled ? undefined : this.#failback.reason({ ...situation, lord, isBarred });
    // A node that is barred does not hold back besides: who is lord does not matter to it.
    return holding === undefined || isBarred ? barred : [holding];
  }

  /** When the reasons may change by themselves, monotonic; Infinity: never. */
  dueMs(nowMs: number): number {
    const flapsUntilMs = this.#flap.untilMs;
    const times = [flapsUntilMs, this.#hookFailedUntilMs, this.#failback.dueMs(nowMs)];
    if (nowMs < flapsUntilMs && this.#told.length === 0) times.push(this.#lordlessMs);
    return Math.min(Infinity, ...times.filter((atMs) => atMs > nowMs));
  }

  /** When there will have been no lord for so long that flapping no longer counts, monotonic. */
  get #lordlessMs(): number {
    return this.#lordMs + lordlessTolerances * this.#options.toleranceMs;
  }

  get #isPlanned(): boolean {
    return this.#told.some(({ kind }) => kind === "drained");
  }

  #noteLord({ lord, lordship, nowMs }: StandingSituation): void {
    if (lordship === "lord") this.#lordMs = nowMs;
    if (lord === undefined || lord.said.lord === 0) return;
    this.#lordMs = Math.max(this.#lordMs, lord.heardMs);
    if (this.#lostQuorumMs === undefined || lord.heardMs < this.#lostQuorumMs) return;
    this.#flap.lost(this.#lostQuorumMs);
    this.#lostQuorumMs = undefined;
  }

  #ownAddress(): Reason[] {
    const { lease, voters, node } = this.#options;
    if (lease === "off" || voters.length === 0 || node !== undefined) return [];
    return [{
      kind: "no address",
      why:
        "its own address is not known: just one of the listed nodes must be an address of this " +
        "machine (see legion-address)",
    }];
  }

  #ofItself(nowMs: number): Reason[] {
    const reasons: Reason[] = [];
    if (nowMs < this.#hookFailedUntilMs) {
      const untilMs = this.#hookFailedUntilMs;
      reasons.push({ kind: "hook failed", why: "a lord hook failed", untilMs });
    }
    const { limit: { count, withinMs }, untilMs } = this.#flap;
    if (nowMs < untilMs) {
      const why = `it lost the title more than ${count} times within ${withinMs / 1000} s`;
      reasons.push({ kind: "flapping", why, untilMs });
    }
    return reasons;
  }
}
