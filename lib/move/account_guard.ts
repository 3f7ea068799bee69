import { within } from "../base/within.ts";
import { isLoginFailure, type MoveError } from "./move_error.ts";
import { LookCount } from "./look_count.ts";
import { LooksTogether } from "./looks_together.ts";
import { MovePace } from "./move_pace.ts";
import type { Provider } from "./provider.ts";

/** The kinds of request, each with a quota of its own. */
export type Question = "look" | "switch";

/**
 * The time after which a login that has worked before may be tried once more, in milliseconds:
 * somebody else's failed logins block an address for 10 minutes.
 */
export const blockMs = 11 * 60_000;

// How long a switch waits for a look with the same login, in milliseconds.
const lookMs = 2_000;

/** The time when a login failed last. */
interface LoginFailure {
  /** In milliseconds since 1970. */
  readonly wallMs: number;
  /** In milliseconds of the guard's clock; -Infinity: before this process. */
  readonly atMs: number;
}

interface AccountState {
  /** The last failure of the login; undefined: it works. */
  loginFailed?: LoginFailure;
  /** Whether that was a second failure within the time of a block. */
  failedAgain: boolean;
  /** Whether the login has ever worked, in this process or before a restart of it. */
  hasWorked: boolean;
  /** Whether a login that failed may be tried once more. */
  mayTryAgain: boolean;
  /** The time before which not to ask, in milliseconds of the guard's clock. */
  readonly notBeforeMs: Record<Question, number>;
  /** The looks of the last hour. */
  readonly looks: LookCount;
  /** The pace of requests for a switch; undefined: none was sent yet. */
  moves?: MovePace;
  /** The end of the last question in the queue. */
  turn: Promise<unknown>;
  /** The question that tries a login which has not worked yet, and its end. */
  trying?: { readonly question: Question; readonly ended: Promise<void> };
}

/**
 * The memory of a process for the accounts it asks with, shared by all of its parts. A login that
 * failed is repeated by order alone, since some providers block the machine's address after a few; a
 * quota that is used up is given its time. Accounts are told apart by {@link Provider.account}.
 */
export class AccountGuard {
  readonly #states = new Map<string, AccountState>();
  readonly #nowMs: () => number;
  /** The looks that are due at the same moment. */
  readonly together: LooksTogether;

  /**
   * Makes a guard that knows of no account yet.
   *
   * @param nowMs a clock in milliseconds that never goes back
   */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
    this.together = new LooksTogether(nowMs);
  }

  /** The reason not to ask the provider this now; undefined when asking is allowed. */
  refusal(account: string, question: Question): string | undefined {
    const state = this.#of(account);
    const { loginFailed, hasWorked, notBeforeMs } = state;
    if (loginFailed !== undefined && !this.#mayTry(state, question)) {
      const failed = `not asked: the login failed at ${new Date(loginFailed.wallMs).toISOString()}`;
      if (!hasWorked) return `${failed}; correct it, then: failover resume`;
      const againMs = Math.ceil((loginFailed.atMs + blockMs - this.#nowMs()) / 1000);
      return `${failed}, and has worked before; it is tried again in ${againMs} s`;
    }
    const seconds = Math.ceil((notBeforeMs[question] - this.#nowMs()) / 1000);
    if (seconds > 0) return `not asked: the quota is used up for ${seconds} s more`;
    return question === "look" ? undefined : state.moves?.refusal;
  }

  /**
   * Whether a login that failed may be tried: by order; and where it has worked before, for a switch
   * at once, and for anything after the time of a block. Each of these is one try.
   */
  #mayTry(
    { loginFailed, hasWorked, mayTryAgain, failedAgain }: AccountState,
    question: Question,
  ): boolean {
    if (mayTryAgain || loginFailed === undefined) return true;
    if (!hasWorked) return false;
    if (question === "switch" && !failedAgain) return true;
    return this.#nowMs() >= loginFailed.atMs + blockMs;
  }

  /**
   * Whether the login is refused for good: it failed, and has never worked. One that has worked may
   * fail for a while without being wrong.
   */
  isRefused(account: string): boolean {
    return this.refusedMs(account) !== undefined;
  }

  /** When a login that is refused for good failed last, in milliseconds since 1970. */
  refusedMs(account: string): number | undefined {
    const { loginFailed, hasWorked } = this.#of(account);
    return hasWorked ? undefined : loginFailed?.wallMs;
  }

  /** Takes note that a login worked before this process began. */
  hasWorked(account: string): void {
    this.#of(account).hasWorked = true;
  }

  /** Takes note that a login failed before this process began, in milliseconds since 1970. */
  hasFailed(account: string, failedMs: number): void {
    this.#of(account).loginFailed = { wallMs: failedMs, atMs: -Infinity };
  }

  /** Whether the login failed last, for good or not. */
  hasLoginFailed(account: string): boolean {
    return this.#of(account).loginFailed !== undefined;
  }

  /** Lets a login that failed be tried once more; false: it has not failed. */
  tryAgain(account: string): boolean {
    const state = this.#of(account);
    return state.mayTryAgain = state.loginFailed !== undefined;
  }

  /** Forgets that a login failed, where nothing but a switch could tell whether it works now. */
  forget(account: string): void {
    const state = this.#of(account);
    state.loginFailed = undefined;
    state.mayTryAgain = false;
  }

  /** Takes note of how a question ended; without a failure it was answered. */
  learn(
    account: string,
    question: Question,
    failure?: Pick<MoveError, "code" | "retryAfterMs">,
  ): void {
    const state = this.#of(account);
    if (failure !== undefined && isLoginFailure(failure.code)) {
      const atMs = this.#nowMs();
      const { loginFailed: before } = state;
      state.failedAgain = before !== undefined && atMs < before.atMs + blockMs;
      state.loginFailed = { wallMs: Date.now(), atMs };
    } else if (failure === undefined || state.mayTryAgain) {
      // Where a second try tells nothing of the login, the next request may tell.
      state.loginFailed = undefined;
    }
    state.mayTryAgain = false;
    if (failure === undefined) state.hasWorked = true;
    const { retryAfterMs } = failure ?? {};
    if (retryAfterMs !== undefined) state.notBeforeMs[question] = this.#nowMs() + retryAfterMs;
  }

  /** The count of an account's looks. */
  looks(account: string): LookCount {
    return this.#of(account).looks;
  }

  /** The pace of an account's requests for a switch, by the limits of its provider. */
  moves({ account, pace: { failing } }: Pick<Provider, "account" | "pace">): MovePace {
    return this.#of(account).moves ??= new MovePace(failing, this.#nowMs);
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

  /**
   * Runs what asks with an account: at once where the login has worked, and else one after the other,
   * since several wrong logins at once would make the provider block this machine. A switch waits
   * 2 s for a look: one that hangs tells nothing of the login.
   *
   * @param run must ask for {@link AccountGuard.refusal} first
   * @throws the error of `run`
   */
  async carefully<T>(account: string, question: Question, run: () => Promise<T>): Promise<T> {
    const state = this.#of(account);
    while (!state.hasWorked && state.trying !== undefined) {
      const { question: other, ended } = state.trying;
      if (question === "look" || other === "switch") await ended;
      else {
        await within(ended, lookMs);
        break;
      }
    }
    if (state.hasWorked) return await run();
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const trying = { question, ended };
    state.trying = trying;
    try {
      return await run();
    } finally {
      if (state.trying === trying) state.trying = undefined;
      resolve();
    }
  }

  #of(account: string): AccountState {
    const known = this.#states.get(account) ?? {
      failedAgain: false,
      hasWorked: false,
      mayTryAgain: false,
      looks: new LookCount(this.#nowMs),
      notBeforeMs: { look: -Infinity, switch: -Infinity },
      turn: Promise.resolve(),
    };
    this.#states.set(account, known);
    return known;
  }
}
