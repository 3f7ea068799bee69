import { delay } from "@std/async/delay";
import { deleteFailover, type FailoverAccess, getFailover, routeFailover } from "./client.ts";
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

/** Where to route an address, and how long to try. */
export interface RoutingOptions extends FailoverAccess {
  /** The main address of the server to route to; null to drop the routing. */
  readonly to: string | null;
  /** For everything: no request and no wait outlasts it. */
  readonly deadlineMs: number;
}

/** The request that asks for a switch, and the one that looks where the address points. */
export type Method = "POST" | "DELETE" | "GET";

/** How to run it. */
export interface RoutingRun {
  /** Cancels it, whatever it is doing. Nothing is sent afterwards. */
  readonly signal?: AbortSignal;
  /**
   * Told what is done, as it is done; of a request before it is sent, which it is not where the signal
   * is aborted by then. Must not throw.
   */
  readonly onProgress?: (progress: RoutingProgress) => void;
  /** A clock in milliseconds that never goes back; default `performance.now`. */
  readonly now?: () => number;
  /** Numbers from 0 up to 1, for the jitter; default `Math.random`. */
  readonly random?: () => number;
  /** Rejects when the signal is aborted; default `delay` of `@std/async`. */
  readonly wait?: (ms: number, options: { signal?: AbortSignal }) => Promise<void>;
}

/** What is being done. */
export type RoutingProgress =
  /** It sends a request, and waits for the reply at most so long. */
  | {
    readonly kind: "request";
    readonly method: Method;
    readonly timeoutMs: number;
  }
  /** The Robot told where the address points. */
  | {
    readonly kind: "reply";
    readonly method: Method;
    readonly activeServerIp: string | null;
    readonly status?: "ready" | "processing";
  }
  /** The request failed. */
  | {
    readonly kind: "error";
    readonly method: Method;
    readonly code: string;
    readonly message: string;
  }
  /** It waits before the next request; `code` and `message` say what for. */
  | {
    readonly kind: "wait";
    readonly next: Method;
    readonly waitMs: number;
    readonly code: string;
    readonly message: string;
  };

/** How it ended, and what it took. */
export type RoutingResult = RoutingEnd & {
  /** One sentence for people. */
  readonly message: string;
  /** Where the address pointed before; null: nowhere; not there: it is not known. */
  readonly from?: string | null;
  /** Where it was to be routed; null: nowhere. */
  readonly to: string | null;
  /** The requests that may have reached the Robot: tries without a connection do not count. */
  readonly posts: number;
  readonly gets: number;
  /** How long it took. */
  readonly seconds: number;
};

/**
 * The outcome:
 *
 * - `routed`: the address points to the server, and this did it
 * - `already routed`: it pointed there without its doing
 * - `refused`: no use in trying again
 * - `try later`: it does not point there; locked, quota used up, maintenance, no connection
 * - `unknown`: a switch was asked for, and what came of it could not be learned
 *
 * `code` is the Robot's, or one of those of `RobotError`, or `NOT_ROUTED` (it points elsewhere),
 * `PROCESSING` (a switch is still running).
 */
export type RoutingEnd =
  | { readonly outcome: "routed" | "already routed" }
  | { readonly outcome: "refused"; readonly code: string }
  | {
    readonly outcome: "try later" | "unknown";
    readonly code: string;
    /** Not to be tried again before this has passed, where the Robot says so. */
    readonly retryAfterSeconds?: number;
  };

/**
 * Changes where a failover address is routed, with the right outcome for every reply (API.md,
 * "Errors"): it asks for the switch, looks where the address points when the outcome is not known,
 * and tries again, with growing waits, where that is of use; at most 5 requests for the switch and
 * 15 looks. A failed login is never repeated.
 *
 * @throws TypeError when the URL is neither http nor https
 * @throws the signal's reason when it is aborted; a switch that began goes on all the same
 */
export async function changeRouting(
  options: RoutingOptions,
  run: RoutingRun = {},
): Promise<RoutingResult> {
  const { signal, onProgress, wait = delay, random = Math.random } = run;
  const { now = () => performance.now() } = run;
  const { to, timeoutMs, deadlineMs } = options;
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
      onProgress?.({ kind: "wait", next: methodOf(next, to), waitMs, code, message });
      await wait(waitMs, { signal });
    }
    signal?.throwIfAborted();
    const reply = await ask(next, { ...options, timeoutMs: schedule.requestMs(next) }, run);
    [course, step] = next === "POST" ? afterPost(course, reply) : afterGet(course, reply);
  }
  return resultOf(course, step, options, (now() - begunMs) / 1000);
}

function methodOf(request: "POST" | "GET", to: string | null): Method {
  return request === "POST" && to === null ? "DELETE" : request;
}

async function ask(
  request: "POST" | "GET",
  options: RoutingOptions,
  { signal, onProgress }: RoutingRun,
): Promise<Failover | RobotError> {
  const method = methodOf(request, options.to);
  onProgress?.({ kind: "request", method, timeoutMs: options.timeoutMs });
  signal?.throwIfAborted();
  try {
    const reply = await send(method, options, signal);
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

async function send(method: Method, options: RoutingOptions, signal?: AbortSignal) {
  const { to } = options;
  if (method === "GET") return await getFailover(options, { signal });
  if (to === null) return await deleteFailover(options, { signal });
  return await routeFailover({ ...options, activeServerIp: to }, { signal });
}

function resultOf(
  { from, to, posts, gets }: Course,
  end: End,
  { ip }: RoutingOptions,
  seconds: number,
): RoutingResult {
  const common = { from, to, posts, gets, seconds };
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
