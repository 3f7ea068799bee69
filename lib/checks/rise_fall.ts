/** `pending`: not passed yet since the start. */
export type CheckState = "pending" | "passing" | "failing";

/** How many runs in a row it takes. */
export interface RiseFallLimits {
  /** Successes, for one that fails to pass again. */
  readonly rise: number;
  /** Failures, for one that passes to fail. */
  readonly fall: number;
}

/**
 * What a check is by its last runs. The first success of all is enough: a node that starts is held
 * up no longer than need be, and one that has failed has to prove that it is well again.
 */
export class RiseFall {
  readonly #limits: RiseFallLimits;
  #state: CheckState = "pending";
  #hasPassed = false;
  /** How many of the last runs in a row ended like the last one. */
  #streak = 0;
  #wasOk?: boolean;

  constructor(limits: RiseFallLimits) {
    this.#limits = limits;
  }

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
