import { delay } from "@std/async/delay";
import { secondsOf } from "../base/seconds_of.ts";
import { type Before, type Course, type End, givenUp, newCourse, type Step } from "./_course.ts";
import { MoveError } from "./move_error.ts";
import type { Provider, Route } from "./provider.ts";
import { afterLook, afterMove } from "./_replies.ts";
import { newSchedule } from "./_schedule.ts";

/** The settings of a run of {@link moveAddress}. */
export interface MoveRun {
  /** Cancels the run at any moment. Nothing is sent afterwards. */
  readonly signal?: AbortSignal;
  /** As `Asking.recheck`. */
  readonly recheck?: () => void;
  /** The last that was known of the address, where it may point there already. */
  readonly before?: Before;
  /**
   * Told of each step; of a request before it is sent. Aborting the signal in this call stops the
   * request. Must not throw.
   */
  readonly onProgress?: (progress: MoveProgress) => void;
  /** A clock in milliseconds that never goes back; default `performance.now`. */
  readonly now?: () => number;
  /** Gives numbers from 0 up to, but not including, 1, for the jitter; default `Math.random`. */
  readonly random?: () => number;
  /** Waits, and rejects when the signal is aborted; default `delay` of `@std/async`. */
  readonly wait?: (ms: number, options: { signal?: AbortSignal }) => Promise<void>;
}

/** A step of a takeover; `method` and `next` are the provider's names for its requests. */
export type MoveProgress =
  /** A request is sent; the reply may take up to `timeoutMs`. */
  | {
    readonly kind: "request";
    readonly method: string;
    readonly timeoutMs: number;
  }
  /** The provider answered where the address points. */
  | {
    readonly kind: "reply";
    readonly method: string;
    readonly pointsTo: string | null;
    readonly status?: "ready" | "processing";
  }
  /** The request failed. */
  | {
    readonly kind: "error";
    readonly method: string;
    readonly code: string;
    readonly message: string;
    /** The provider says by it that the address is where it is wanted; undefined: it does not. */
    readonly isThere?: true;
  }
  /** The next request follows after `waitMs`; `code` and `message` say why it is needed. */
  | {
    readonly kind: "wait";
    readonly next: string;
    readonly waitMs: number;
    readonly code: string;
    readonly message: string;
  };

/** The end of a takeover, and its cost. */
export type MoveResult = MoveEnd & {
  /** One sentence for people. */
  readonly message: string;
  /** The server's address it pointed to before; null: nowhere; undefined: not known. */
  readonly from?: string | null;
  /** The server's address it was to be routed to; null: nowhere. */
  readonly to: string | null;
  /** The number of requests for a switch that may have arrived: with a connection, that is. */
  readonly moves: number;
  /** The number of looks that may have arrived. */
  readonly looks: number;
  /** The duration of the takeover, in seconds with three decimals. */
  readonly seconds: number;
};

/**
 * The outcome:
 *
 * - `routed`: the address points to the server, and this takeover did it
 * - `already routed`: the address pointed there without this takeover
 * - `refused`: trying again is of no use
 * - `try later`: the address does not point there; locked, quota used up, maintenance, no connection
 * - `unknown`: a switch was asked for, and its result could not be learned
 * - `presumed there`: the address pointed there before, and no reply has said otherwise
 *
 * `code` is the code of a {@link MoveError}, or `NOT_ROUTED` (the address points elsewhere), or
 * `PROCESSING` (a switch is still running).
 */
export type MoveEnd =
  | { readonly outcome: "routed" | "already routed" }
  | { readonly outcome: "refused"; readonly code: string }
  | {
    readonly outcome: "try later" | "unknown" | "presumed there";
    readonly code: string;
    /** The least wait before another try, in seconds, where the provider gives one. */
    readonly retryAfterSeconds?: number;
  };

/**
 * Moves an address to a server, or drops its routing, with the right outcome for every reply: asks
 * for the switch, looks where the address points when the outcome is not known, and tries again,
 * with growing waits, where that is of use, within the provider's pace and deadline. A failed login
 * is never repeated.
 *
 * @param to the server, as the provider names it; null to drop the routing: `routed` then means that this takeover
 *   made the address point nowhere
 *
 * @example
 * ```ts
 * const result = await moveAddress(provider, "1.1.1.1", { signal: AbortSignal.timeout(300_000) });
 * ```
 *
 * @throws TypeError when the provider's settings cannot be used: a mistake of the caller's
 * @throws the signal's reason when it is aborted; a switch that has begun goes on all the same
 */
export async function moveAddress(
  provider: Provider,
  to: string | null,
  run: MoveRun = {},
): Promise<MoveResult> {
  const { signal, onProgress, wait = delay, random = Math.random } = run;
  const { now = () => performance.now(), before } = run;
  const { timeoutMs, deadlineMs, pace } = provider;
  const begunMs = now();
  const leftMs = () => begunMs + deadlineMs - now();
  const schedule = newSchedule({ timeoutMs, deadlineMs, leftMs, random, pace });
  let [course, step]: [Course, Step] = newCourse(provider, to, before);
  while (step.next !== "end") {
    const { trouble } = step;
    const appointment = schedule.appoint(step, course);
    if (appointment === undefined) {
      step = { next: "end", outcome: givenUp(course), trouble };
      break;
    }
    const { next, waitMs } = appointment;
    if (waitMs > 0) {
      const { code, message } = trouble;
      onProgress?.({ kind: "wait", next: methodOf(provider, next, to), waitMs, code, message });
      await wait(waitMs, { signal });
    }
    const reply = await ask(
      provider,
      { next, to, timeoutMs: schedule.requestMs(next, course) },
      run,
    );
    [course, step] = next === "move" ? afterMove(course, reply) : afterLook(course, reply, now());
  }
  return resultOf(provider, course, step, secondsOf(now() - begunMs));
}

function methodOf({ requests }: Provider, next: "move" | "look", to: string | null): string {
  if (next === "look") return requests.look;
  return to === null ? requests.drop : requests.move;
}

async function ask(
  provider: Provider,
  { next, to, timeoutMs }: { next: "move" | "look"; to: string | null; timeoutMs: number },
  { signal, recheck, onProgress }: MoveRun,
): Promise<Route | MoveError> {
  const method = methodOf(provider, next, to);
  recheck?.();
  signal?.throwIfAborted();
  onProgress?.({ kind: "request", method, timeoutMs });
  signal?.throwIfAborted();
  try {
    const asking = { signal, recheck, timeoutMs };
    const reply = await (next === "look" ? provider.look(asking) : provider.move(to, asking));
    const { pointsTo, status } = reply;
    onProgress?.({ kind: "reply", method, pointsTo, status });
    return reply;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof MoveError)) throw error;
    const { code, message } = error;
    const isThere = next === "move" && provider.meaning(error) === "there";
    onProgress?.({ kind: "error", method, code, message, ...isThere && { isThere } });
    return error;
  }
}

function resultOf(
  { ip, serverName }: Provider,
  { from, to: asked, moves, looks }: Course,
  end: End,
  seconds: number,
): MoveResult {
  // A server that is told in another way may be known only by now.
  const to = asked === null ? null : serverName(asked);
  const common = { from, to, moves, looks, seconds };
  if (!("trouble" in end)) {
    const verb = end.outcome === "routed" ? "points" : "already pointed";
    const message = `${ip} ${verb} ${to === null ? "nowhere" : `to ${to}`}`;
    return { outcome: end.outcome, message, ...common };
  }
  const { outcome, trouble: { code, message, retryAfterMs } } = end;
  if (outcome === "refused") return { outcome, code, message, ...common };
  const retryAfterSeconds = retryAfterMs === undefined ? undefined : retryAfterMs / 1000;
  return { outcome, code, message, retryAfterSeconds, ...common };
}
