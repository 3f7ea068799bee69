import { delay } from "@std/async/delay";
import { type FailoverAccess, getFailover, routeFailover } from "./client.ts";
import { RobotError } from "./errors.ts";
import type { Failover } from "./failover.ts";
import {
  afterGet,
  afterPost,
  type Course,
  type End,
  givenUp,
  newCourse,
  type Step,
} from "./_course.ts";
import { newSchedule } from "./_schedule.ts";

/** What to take over, and how long to try. */
export interface TakeoverOptions extends FailoverAccess {
  /**
   * The main address of the server to route to; the net address of its main IPv6 subnet for a
   * failover subnet.
   */
  readonly activeServerIp: string;
  /** For everything: no request and no wait outlasts it. */
  readonly deadlineMs: number;
}

/** How to run it. */
export interface TakeoverRun {
  /** Cancels the takeover, whatever it is doing. Nothing is sent afterwards. */
  readonly signal?: AbortSignal;
  /** Told what the takeover does, as it does it. Must not throw. */
  readonly onProgress?: (progress: TakeoverProgress) => void;
  /** A clock in milliseconds that never goes back; default `performance.now`. */
  readonly now?: () => number;
  /** Numbers from 0 up to 1, for the jitter; default `Math.random`. */
  readonly random?: () => number;
  /** Rejects when the signal is aborted; default `delay` of `@std/async`. */
  readonly wait?: (ms: number, options: { signal?: AbortSignal }) => Promise<void>;
}

/** What a takeover is doing. */
export type TakeoverProgress =
  /** It sends a request, and waits for the reply at most so long. */
  | {
    readonly kind: "request";
    readonly method: "POST" | "GET";
    readonly timeoutMs: number;
  }
  /** The Robot told where the address points. */
  | {
    readonly kind: "reply";
    readonly method: "POST" | "GET";
    readonly activeServerIp: string | null;
    readonly status?: "ready" | "processing";
  }
  /** The request failed. */
  | {
    readonly kind: "error";
    readonly method: "POST" | "GET";
    readonly code: string;
    readonly message: string;
  }
  /** It waits before the next request; `code` and `message` say what for. */
  | {
    readonly kind: "wait";
    readonly next: "POST" | "GET";
    readonly waitMs: number;
    readonly code: string;
    readonly message: string;
  };

/** How a takeover ended, and what it took. */
export type TakeoverResult = TakeoverEnd & {
  /** One sentence for people. */
  readonly message: string;
  /** Where the address pointed before; null: nowhere; not there: it is not known. */
  readonly from?: string | null;
  /** Where it was to be routed. */
  readonly to: string;
  /** The requests that may have reached the Robot: tries without a connection do not count. */
  readonly posts: number;
  readonly gets: number;
  /** How long it took. */
  readonly seconds: number;
};

/**
 * The outcome:
 *
 * - `routed`: the address points to the server, and this takeover did it
 * - `already routed`: it pointed there without its doing
 * - `refused`: no use in trying again
 * - `try later`: it does not point there; locked, quota used up, maintenance, no connection
 * - `unknown`: a switch was asked for, and what came of it could not be learned
 *
 * `code` is the Robot's, or one of those of `RobotError`, or `NOT_ROUTED` (it points elsewhere),
 * `PROCESSING` (a switch is still running).
 */
export type TakeoverEnd =
  | { readonly outcome: "routed" | "already routed" }
  | { readonly outcome: "refused"; readonly code: string }
  | {
    readonly outcome: "try later" | "unknown";
    readonly code: string;
    /** Not to be tried again before this has passed, where the Robot says so. */
    readonly retryAfterSeconds?: number;
  };

/**
 * Routes a failover address to a server, with the right outcome for every reply (robot-api,
 * "Errors"): it asks for the switch, looks where the address points when the outcome is not known,
 * and tries again, with growing waits, where that is of use; at most 5 `POST`s and 15 `GET`s.
 * A failed login is never repeated.
 *
 * @example
 * ```ts
 * const result = await takeover({
 *   username: "user",
 *   password: "secret",
 *   ip: "4.4.4.4",
 *   activeServerIp: "1.1.1.1",
 *   url: failoverUrl("4.4.4.4"),
 *   timeoutMs: 60_000,
 *   deadlineMs: 180_000,
 * }, { signal: AbortSignal.timeout(300_000) });
 * ```
 *
 * @throws TypeError when the URL is neither http nor https
 * @throws the signal's reason when it is aborted; a switch that began goes on all the same
 */
export async function takeover(
  options: TakeoverOptions,
  run: TakeoverRun = {},
): Promise<TakeoverResult> {
  const { signal, onProgress, wait = delay, random = Math.random } = run;
  const { now = () => performance.now() } = run;
  const { activeServerIp: to, timeoutMs, deadlineMs } = options;
  const begunMs = now();
  const leftMs = () => begunMs + deadlineMs - now();
  const schedule = newSchedule({ timeoutMs, deadlineMs, leftMs, random });
  let course = newCourse(to);
  let step: Step = { next: "POST", pace: "now", trouble: course.trouble };
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
      onProgress?.({ kind: "wait", next, waitMs, code, message });
      await wait(waitMs, { signal });
    }
    signal?.throwIfAborted();
    const reply = await ask(next, { ...options, timeoutMs: schedule.requestMs(next) }, run);
    [course, step] = next === "POST" ? afterPost(course, reply) : afterGet(course, reply);
  }
  return resultOf(course, step, options, (now() - begunMs) / 1000);
}

async function ask(
  method: "POST" | "GET",
  options: TakeoverOptions,
  { signal, onProgress }: TakeoverRun,
): Promise<Failover | RobotError> {
  onProgress?.({ kind: "request", method, timeoutMs: options.timeoutMs });
  try {
    const send = method === "POST" ? routeFailover : getFailover;
    const reply = await send(options, { signal });
    const { activeServerIp, status } = reply;
    onProgress?.({ kind: "reply", method, activeServerIp, status });
    return reply;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof RobotError)) throw error;
    const { code, message } = error;
    onProgress?.({ kind: "error", method, code, message });
    return error;
  }
}

function resultOf(
  { from, to, posts, gets }: Course,
  end: End,
  { ip }: TakeoverOptions,
  seconds: number,
): TakeoverResult {
  const common = { from, to, posts, gets, seconds };
  if (!("trouble" in end)) {
    const message = `${ip} ${end.outcome === "routed" ? "points" : "already pointed"} to ${to}`;
    return { outcome: end.outcome, message, ...common };
  }
  const { outcome, trouble: { code, message, retryAfterMs } } = end;
  if (outcome === "refused") return { outcome, code, message, ...common };
  const retryAfterSeconds = retryAfterMs === undefined ? undefined : retryAfterMs / 1000;
  return { outcome, code, message, retryAfterSeconds, ...common };
}
