import type { MoveError } from "./move_error.ts";

/** Looks and switches have quotas of their own. */
export type Question = "look" | "switch";

interface AccountState {
  /** When the login failed, since 1970 in milliseconds. */
  loginFailedMs?: number;
  /** Not to be asked before this, monotonic. */
  readonly notBeforeMs: Record<Question, number>;
  /** The last of those who wait for their turn. */
  turn: Promise<unknown>;
}

/**
 * What a process remembers of the accounts it asks with, whichever part of it asked: a login that
 * failed is never repeated, since some providers block the machine's address after a few; and a
 * quota that is used up is given its time. An account is known by its provider's key for it.
 */
export class AccountGuard {
  readonly #states = new Map<string, AccountState>();
  readonly #nowMs: () => number;

  /** @param nowMs A clock that never goes back */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Why the provider must not be asked this now; undefined when it may be. */
  refusal(account: string, question: Question): string | undefined {
    const { loginFailedMs, notBeforeMs } = this.#of(account);
    if (loginFailedMs !== undefined) {
      const when = new Date(loginFailedMs).toISOString();
      return `not asked: the login failed at ${when}; correct it, and reload the node`;
    }
    const seconds = Math.ceil((notBeforeMs[question] - this.#nowMs()) / 1000);
    return seconds > 0 ? `not asked: the quota is used up for ${seconds} s more` : undefined;
  }

  /** Takes note of how a question ended. */
  learn(
    account: string,
    question: Question,
    { code, retryAfterMs }: Pick<MoveError, "code" | "retryAfterMs">,
  ): void {
    const state = this.#of(account);
    if (code === "UNAUTHORIZED") state.loginFailedMs = Date.now();
    if (retryAfterMs !== undefined) state.notBeforeMs[question] = this.#nowMs() + retryAfterMs;
  }

  /** Runs short questions of one account one after the other, so that each knows of the one before. */
  async inTurn<T>(account: string, ask: () => Promise<T>): Promise<T> {
    const state = this.#of(account);
    const asked = state.turn.then(ask);
    state.turn = asked.catch(() => {});
    return await asked;
  }

  #of(account: string): AccountState {
    const known = this.#states.get(account) ?? {
      notBeforeMs: { look: -Infinity, switch: -Infinity },
      turn: Promise.resolve(),
    };
    this.#states.set(account, known);
    return known;
  }
}
