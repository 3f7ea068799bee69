import type { Clock } from "../base/clock.ts";
import type { EventLevel } from "../base/log_level.ts";
import type { Announcement } from "../legion/announcement.ts";
import type { Effect, Instant } from "../legion/effects.ts";
import { Legion } from "../legion/legion.ts";
import type { Notes } from "../legion/notes.ts";
import type { LegionOptions } from "../legion/options.ts";
import type { Reason } from "../legion/reason.ts";
import type { LegionView } from "../legion/view.ts";

/** The hands of a legion: each carries out one kind of its effects (legion/effects.ts). */
export interface Hands {
  /**
   * Called after each step, before anything else is carried out.
   *
   * @param isLord whether this node is lord now
   * @param claims whether it is, or may take over
   */
  readonly titled: (isLord: boolean, claims: boolean) => void;
  /** Keeps notes for the next process of this node. */
  readonly note: (notes: Notes | null) => void;
  /** Sends an announcement to all nodes, and to these addresses. */
  readonly announce: (announcement: Announcement, also: readonly string[]) => void;
  /** Begins the hooks of an event. */
  readonly runHooks: (effect: Effect & { type: "runHooks" }) => void;
  /** Aborts the hooks that run. */
  readonly abortHooks: () => void;
  /** Writes a line to the log. */
  readonly log: (level: EventLevel, message: string) => void;
  /** Called when the status has changed. */
  readonly changed: () => void;
  /** Called when the legion is woken, with the delay in milliseconds. */
  readonly woken: (lateMs: number) => void;
}

/**
 * Drives a legion of lib/legion by the clock: whatever comes to it is one step at the present moment,
 * and all that the step asks for is carried out before the next, in the order given.
 */
export class DrivenLegion {
  /** Resolves when the legion has said its last farewell. */
  readonly stopped: Promise<void>;
  readonly #legion: Legion;
  readonly #clock: Clock;
  readonly #hands: Hands;
  readonly #hasStopped: () => void;
  /** Calls the next wake-up off; undefined while none is set. */
  #cancelWake?: () => void;
  /** The moment at which the legion asked to be woken, monotonic, in milliseconds. */
  #wakeMs = Infinity;

  /** Makes a legion that has not started. */
  constructor(options: LegionOptions, { clock, hands }: { clock: Clock; hands: Hands }) {
    this.#legion = new Legion(options);
    this.#clock = clock;
    this.#hands = hands;
    ({ promise: this.stopped, resolve: this.#hasStopped } = Promise.withResolvers<void>());
  }

  /** Takes one step, such as `(legion, now) => legion.promote(now)`, and carries it out. */
  step(take: (legion: Legion, now: Instant) => Effect[]): void {
    const effects = take(this.#legion, this.#clock.now());
    const { monotonicMs } = this.#clock.now();
    const { lordUntilMs, claimUntilMs } = this.#legion;
    this.#hands.titled(monotonicMs < lordUntilMs, monotonicMs < claimUntilMs);
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: Effect): void {
    const hands = this.#hands;
    switch (effect.type) {
      case "note":
        return hands.note(effect.notes);
      case "announce":
        return hands.announce(effect.announcement, effect.also);
      case "runHooks":
        return hands.runHooks(effect);
      case "abortHooks":
        return hands.abortHooks();
      case "log":
        return hands.log(effect.level, effect.message);
      case "wakeAt":
        return this.#wakeAt(effect.monotonicMs);
      case "changed":
        return hands.changed();
      case "stopped":
        return this.#hasStopped();
    }
  }

  /** Lets the legion see the time where its claim to be lord has run out: the claim ends then. */
  recheck(): void {
    const { monotonicMs } = this.#clock.now();
    if (monotonicMs >= this.#legion.claimUntilMs) this.step((legion, now) => legion.tick(now));
  }

  /** Wakes the legion no more. */
  end(): void {
    this.#wakeAt(Infinity);
  }

  /** The legion as it stands. */
  view(): LegionView {
    return this.#legion.view();
  }

  /** The reasons for which this node stands back (LEASE.md, rule 11); empty: it stands. */
  get reasons(): readonly Reason[] {
    return this.#legion.reasons;
  }

  /** Whether this node is to be lord, if all start together, as the legion has it. */
  get isHighest(): boolean {
    return this.#legion.isHighest;
  }

  /** Whether this node is lord now. */
  get isLord(): boolean {
    return this.#clock.now().monotonicMs < this.#legion.lordUntilMs;
  }

  /**
   * For how long at least no other node can be lord, in milliseconds. The lease lasts as long as the
   * claim and the release time; where that is capped, as long as twice the claim at least (LEASE.md,
   * rule 5).
   *
   * @param releaseMs the release time of the configuration, in milliseconds
   */
  leaseMs(releaseMs: number): number {
    const claimMs = Math.max(0, this.#legion.claimUntilMs - this.#clock.now().monotonicMs);
    return claimMs + Math.min(claimMs, releaseMs);
  }

  /** The delay of a wake-up that is overdue, in milliseconds; 0: none is. */
  get overdueMs(): number {
    return Math.max(0, this.#clock.now().monotonicMs - this.#wakeMs);
  }

  #wakeAt(monotonicMs: number): void {
    // Most datagrams do not change the time of the next wake-up.
    if (monotonicMs === this.#wakeMs && this.#cancelWake !== undefined) return;
    this.#cancelWake?.();
    this.#wakeMs = monotonicMs;
    this.#cancelWake = this.#clock.at(monotonicMs, () => {
      this.#cancelWake = undefined;
      this.#hands.woken(this.overdueMs);
      this.step((legion, now) => legion.tick(now));
    });
  }
}
