import type { RobotError } from "./errors.ts";

/** Who asks the Robot, and where. */
export interface Account {
  readonly username: string;
  readonly password: string;
  readonly url: string;
}

/** Looks and switches have quotas of their own (API.md, "Requests"). */
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
 * What a process remembers of the accounts it asks with, whichever part of it asked (API.md,
 * "Errors"): a login that failed is never repeated, since the third within a while blocks the
 * machine's address; and a quota that is used up is given its time.
 */
export class AccountGuard {
  readonly #states = new Map<string, AccountState>();
  readonly #nowMs: () => number;

  /** @param nowMs A clock that never goes back */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Why the Robot must not be asked this now; undefined when it may be. */
  refusal(account: Account, question: Question): string | undefined {
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
    account: Account,
    question: Question,
    { code, intervalMs }: Pick<RobotError, "code" | "intervalMs">,
  ): void {
    const state = this.#of(account);
    if (code === "UNAUTHORIZED") state.loginFailedMs = Date.now();
    if (code !== "RATE_LIMIT_EXCEEDED") return;
    state.notBeforeMs[question] = this.#nowMs() + (intervalMs ?? 0);
  }

  /** Runs short questions of one account one after the other, so that each knows of the one before. */
  async inTurn<T>(account: Account, ask: () => Promise<T>): Promise<T> {
    const state = this.#of(account);
    const asked = state.turn.then(ask);
    state.turn = asked.catch(() => {});
    return await asked;
  }

  #of({ username, password, url }: Account): AccountState {
    const key = JSON.stringify([username, password, new URL(url).host]);
    const known = this.#states.get(key) ?? {
      notBeforeMs: { look: -Infinity, switch: -Infinity },
      turn: Promise.resolve(),
    };
    this.#states.set(key, known);
    return known;
  }
}
