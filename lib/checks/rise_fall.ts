/** The state of a check. `pending`: not passed yet since the start. */
export type CheckState = "pending" | "passing" | "failing";

/** How many runs in a row change a check's state. */
export interface RiseFallLimits {
  /** Successes after which a failing check passes. */
  readonly rise: number;
  /** Failures after which a passing check fails. */
  readonly fall: number;
}

/**
 * The state of a check, by its last runs. The very first success is enough: a node that starts is
 * held up no longer than need be, and a check that has failed must prove that the service is well
 * again.
 */
export class RiseFall {
  readonly #limits: RiseFallLimits;
  #state: CheckState;
  #hasPassed: boolean;
  /** How many of the last runs in a row ended like the last one. */
  #streak = 0;
  #wasOk?: boolean;

  /** Begins as `pending`, or with the state that the check had before a restart of the node. */
  constructor(limits: RiseFallLimits, state: CheckState = "pending") {
    this.#limits = limits;
    this.#state = state;
    this.#hasPassed = state !== "pending";
  }

  /** The present state. */
  get state(): CheckState {
    return this.#state;
  }

  /** Takes in how a run ended; true when the state has changed. */
  take(ok: boolean): boolean {
    this.#streak = ok === this.#wasOk ? this.#streak + 1 : 1;
    this.#wasOk = ok;
    const { rise, fall } = this.#limits;
    const before = this.#state;
    if (ok && this.#streak >= (this.#hasPassed ? rise : 1)) this.#state = "passing";
    if (!ok && this.#streak >= fall) this.#state = "failing";
    if (this.#state === "passing") this.#hasPassed = true;
    return this.#state !== before;
  }
}
