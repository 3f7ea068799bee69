import { abortable } from "@std/async/abortable";
import { delay } from "@std/async/delay";
import type { Unknown } from "./look.ts";
import { isLoginFailure } from "./move_error.ts";
import type { KeptAddress, LookAtAll, Route } from "./provider.ts";

/** The time for which a look waits for others of its account, in milliseconds. */
const gatherMs = 50;

/** The time for which a look at all addresses that is of no use is not sent again, in milliseconds. */
const uselessMs = 3_600_000;

/** The answer to a look at all addresses; undefined: each must be asked for alone. */
type Answer = readonly Route[] | Unknown | undefined;

/** Sends a look at all addresses. */
export type AskAll = (
  all: LookAtAll,
  signal: AbortSignal,
) => Promise<readonly Route[] | Unknown>;

/** The looks that one request is to answer. */
interface Gathering {
  /** The addresses whose looks still wait. */
  readonly ips: string[];
  readonly answer: Promise<Answer>;
  /** Ends the request, for which nobody waits any more. */
  readonly abort: AbortController;
}

/**
 * Makes one request of the looks at several addresses of an account that are due at the same moment,
 * as they are at a start, and while a node is lord.
 */
export class LooksTogether {
  readonly #nowMs: () => number;
  readonly #open = new Map<string, Gathering>();
  /** The keys whose look is of no use, each with the time until when. */
  readonly #useless = new Map<string, number>();

  /**
   * Begins without any look.
   *
   * @param nowMs a clock in milliseconds that never goes back
   */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /**
   * Looks at an address together with others.
   *
   * @param askAll sends the one request
   * @returns undefined where the address must be looked at alone: no other look was due, or the
   * answer does not tell of the address
   * @throws the signal's reason when it is aborted
   * @throws the error of `askAll`
   */
  async look(
    address: KeptAddress,
    signal: AbortSignal,
    askAll: AskAll,
  ): Promise<Route | Unknown | undefined> {
    signal.throwIfAborted();
    const { all, ip } = address;
    if (all === undefined || this.#nowMs() < (this.#useless.get(all.key) ?? 0)) return undefined;
    const gathering = this.#open.get(all.key) ?? this.#gather(address, all, askAll);
    const { ips, answer: whole, abort } = gathering;
    ips.push(ip);
    try {
      const answer = await abortable(whole, signal);
      if (answer === undefined || "problem" in answer) return answer;
      return answer.find((route) => address.same(route.ip, ip));
    } finally {
      ips.splice(ips.indexOf(ip), 1);
      if (ips.length === 0) {
        abort.abort();
        if (this.#open.get(all.key) === gathering) this.#open.delete(all.key);
      }
    }
  }

  #gather(address: KeptAddress, all: LookAtAll, askAll: AskAll): Gathering {
    const abort = new AbortController();
    const { signal } = abort;
    const ips: string[] = [];
    const ask = async (): Promise<Answer> => {
      await delay(gatherMs, { signal });
      this.#open.delete(all.key);
      if (new Set(ips).size < 2) return undefined;
      const answer = await askAll(all, signal);
      if (!("problem" in answer) || !isUseless(answer, address)) return answer;
      this.#useless.set(all.key, this.#nowMs() + uselessMs);
      return undefined;
    };
    const gathering = { ips, answer: ask(), abort };
    // Nobody waits for it any more where all looks were aborted.
    gathering.answer.catch(() => {});
    this.#open.set(all.key, gathering);
    return gathering;
  }
}

/**
 * Whether an answer tells nothing of a single address: one that cannot be read (an account may have
 * more addresses than a reply may be long), or a refusal of the list alone.
 */
function isUseless({ error }: Unknown, { meaning }: KeptAddress): boolean {
  if (error === undefined || isLoginFailure(error.code)) return false;
  if (error.kind === "unreadable") return meaning(error) !== "maintenance";
  return error.kind === "refused" && meaning(error) === "refused";
}
