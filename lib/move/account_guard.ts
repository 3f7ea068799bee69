import type { MoveError } from "./move_error.ts";

/** The kinds of request, each with a quota of its own. */
export type Question = "look" | "switch";

interface AccountState {
  /** The time when the login failed last, in milliseconds since 1970; undefined: it works. */
  loginFailedMs?: number;
  /** Whether the login has ever worked, in this process or before a restart of it. */
  hasWorked: boolean;
  /** Whether a login that failed may be tried once more. */
  mayTryAgain: boolean;
  /** The time before which not to ask, in milliseconds of the guard's clock. */
  readonly notBeforeMs: Record<Question, number>;
  /** The end of the last question in the queue. */
  turn: Promise<unknown>;
}

/**
 * The memory of a process for the accounts it asks with, shared by all of its parts. A login that
 * failed is repeated by order alone, since some providers block the machine's address after a few; a
 * quota that is used up is given its time. Accounts are told apart by {@link Provider.account}.
 */
export class AccountGuard {
  readonly #states = new Map<string, AccountState>();
  readonly #nowMs: () => number;

  /**
   * Makes a guard that knows of no account yet.
   *
   * @param nowMs a clock in milliseconds that never goes back
   */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** The reason not to ask the provider this now; undefined when asking is allowed. */
  refusal(account: string, question: Question): string | undefined {
    const { loginFailedMs, mayTryAgain, notBeforeMs } = this.#of(account);
    if (loginFailedMs !== undefined && !mayTryAgain) {
      const when = new Date(loginFailedMs).toISOString();
      return `not asked: the login failed at ${when}; correct it, and reload the node`;
    }
    const seconds = Math.ceil((notBeforeMs[question] - this.#nowMs()) / 1000);
    return seconds > 0 ? `not asked: the quota is used up for ${seconds} s more` : undefined;
  }

  /**
   * Whether the login is refused for good: it failed, and has never worked. One that has worked may
   * fail for a while without being wrong (API.md, "Errors").
   */
  isRefused(account: string): boolean {
    return this.refusedMs(account) !== undefined;
  }

  /** When a login that is refused for good failed last, in milliseconds since 1970. */
  refusedMs(account: string): number | undefined {
    const { loginFailedMs, hasWorked } = this.#of(account);
    return hasWorked ? undefined : loginFailedMs;
  }

  /** Takes note that a login worked before this process began. */
  hasWorked(account: string): void {
    this.#of(account).hasWorked = true;
  }

  /** Takes note that a login failed before this process began, in milliseconds since 1970. */
  hasFailed(account: string, failedMs: number): void {
    this.#of(account).loginFailedMs = failedMs;
  }

  /** Lets a login that failed be tried once more; false: it has not failed. */
  tryAgain(account: string): boolean {
    const state = this.#of(account);
    return state.mayTryAgain = state.loginFailedMs !== undefined;
  }

  /** Takes note of how a question ended; without a failure it was answered. */
  learn(
    account: string,
    question: Question,
    failure?: Pick<MoveError, "code" | "retryAfterMs">,
  ): void {
    const state = this.#of(account);
    if (failure?.code === "UNAUTHORIZED") state.loginFailedMs = Date.now();
    // Where a second try tells nothing of the login, the next request may tell.
    else if (failure === undefined || state.mayTryAgain) state.loginFailedMs = undefined;
    state.mayTryAgain = false;
    if (failure === undefined) state.hasWorked = true;
    const { retryAfterMs } = failure ?? {};
    if (retryAfterMs !== undefined) state.notBeforeMs[question] = this.#nowMs() + retryAfterMs;
  }

  /**
   * Runs the questions of one account one after the other, so that each knows of the one before.
   *
   * @throws the error of `ask`
   */
  async inTurn<T>(account: string, ask: () => Promise<T>): Promise<T> {
    const state = this.#of(account);
    const asked = state.turn.then(ask);
    state.turn = asked.catch(() => {});
    return await asked;
  }

  #of(account: string): AccountState {
    const known = this.#states.get(account) ?? {
      hasWorked: false,
      mayTryAgain: false,
      notBeforeMs: { look: -Infinity, switch: -Infinity },
      turn: Promise.resolve(),
    };
    this.#states.set(account, known);
    return known;
  }
}
