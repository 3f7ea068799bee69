import { MoveError } from "./move_error.ts";
import { isAt, pointsWhere, type Provider, type Route } from "./provider.ts";

/** The reason why an address is not yet known to be where it is wanted. */
export interface Trouble {
  /** The code of the {@link MoveError}, or `PROCESSING`, `NOT_ROUTED` or `TIMEOUT`. */
  readonly code: string;
  /** The reason in words. */
  readonly message: string;
  /** The time for which no further request is allowed, in milliseconds. */
  readonly retryAfterMs?: number;
}

/**
 * The wait before a request: none (`now`), the one between two looks (`look`), or between two while
 * the provider is not available (`maintenance`), the one before a switch is asked for again
 * (`again`), or the one before the next try to connect (`connect`).
 */
export type Haste = "now" | "look" | "maintenance" | "again" | "connect";

/** The next request. */
export interface Request {
  /** The kind of request: `move` asks for a switch, `look` asks where the address points. */
  readonly next: "move" | "look";
  /** The wait before the request. */
  readonly haste: Haste;
  /** The reason for the request. */
  readonly trouble: Trouble;
}

/** The end of a takeover. */
export type End =
  | { readonly next: "end"; readonly outcome: "routed" | "already routed" }
  | {
    readonly next: "end";
    readonly outcome: Failure;
    readonly trouble: Trouble;
  };

/** The outcome of a takeover of which no reply has said that the address is where it is wanted. */
export type Failure = "refused" | "try later" | "unknown" | "presumed there";

/** The next step of a takeover: a request, or the end. */
export type Step = Request | End;

/** The parts of a provider that a course needs. */
export type Rules = Pick<Provider, "title" | "pace" | "same" | "meaning">;

/**
 * The last that was known of an address before a takeover: it was `there`, where it is wanted now,
 * or a takeover was under way (`on its way`), of which it is not known how far it came.
 */
export type Before = "there" | "on its way";

/** The state of a takeover: all that is known so far. */
export interface Course {
  /** The provider's rules. */
  readonly rules: Rules;
  /** The address of the server to route to; null: nowhere. */
  readonly to: string | null;
  /** The number of requests for a switch that may have reached the provider. */
  readonly moves: number;
  /** The number of looks that may have reached the provider. */
  readonly looks: number;
  /** The number of looks since the last request for a switch. */
  readonly looksSince: number;
  /**
   * The end of the last request for a switch: it runs, another one runs, it broke, it is not known,
   * or the provider is not available.
   */
  readonly last?: "running" | "locked" | "broken" | "unknown" | "maintenance";
  /** The trouble of the last request for a switch. */
  readonly trouble: Trouble;
  /** Whether a switch asked for in this takeover may have happened, or may still happen. */
  readonly uncertain: boolean;
  /** Whether a switch is running, by the last reply. */
  readonly processing: boolean;
  /**
   * Since when all looks after a lock have shown the address where it is wanted, in milliseconds of
   * the takeover's clock; undefined: none has.
   */
  readonly thereSinceMs?: number;
  /** When the first look after a lock was answered, in milliseconds of the takeover's clock. */
  readonly lockedSinceMs?: number;
  /**
   * Whether the address is presumed to be where it is wanted: it was when this began, and no reply
   * has told of another place or of a switch. Nothing is then waited for, and no failure counts.
   */
  readonly presumed: boolean;
  /** The server the address pointed to before; null: none; undefined: not known. */
  readonly from?: string | null;
}

/**
 * The beginning of a takeover, and its first step. An address that may be where it is wanted is
 * looked at first, since a switch that is not needed would be one of a small quota.
 *
 * @param before the last that was known of it; undefined: nothing
 */
export function newCourse(rules: Rules, to: string | null, before?: Before): [Course, Request] {
  const trouble = { code: "TIMEOUT", message: "there was no time to ask" };
  const begun = { moves: 0, looks: 0, looksSince: 0, uncertain: false, processing: false };
  const presumed = before === "there";
  const next = before === undefined ? "move" : "look";
  return [{ rules, to, trouble, presumed, ...begun }, { next, haste: "now", trouble }];
}

/** Reads the reply to a request for a switch, and says how the takeover goes on. */
export function afterMove(course: Course, reply: Route | MoveError): [Course, Step] {
  if (reply instanceof MoveError) return afterFailedMove(course, reply);
  const sent = asked(course);
  if (reply.status === "processing") {
    const trouble = { code: "PROCESSING", message: "the switch is still running" };
    const running = {
      ...sent,
      trouble,
      last: "running",
      uncertain: true,
      processing: true,
      presumed: false,
    } as const;
    return go(running, "look", "look", trouble);
  }
  if (isThere(course, reply)) return [sent, { next: "end", outcome: "routed" }];
  return fail({ ...sent, presumed: false }, "refused", {
    code: "NOT_ROUTED",
    message: `the ${course.rules.title} carried it out, and yet ${pointsWhere(reply)}`,
  });
}

function asked(course: Course): Course {
  const moves = course.moves + 1;
  return {
    ...course,
    moves,
    looksSince: 0,
    last: undefined,
    processing: false,
    thereSinceMs: undefined,
  };
}

function afterFailedMove(course: Course, error: MoveError): [Course, Step] {
  const meaning = course.rules.meaning(error);
  const trouble = troubleOf(error);
  // A request that never left does not count for the quota, so only the deadline ends the tries.
  if (meaning === "unsent") return go(course, "move", "connect", trouble);
  if (error.kind === "untrusted") return fail(course, "refused", trouble);
  const sent = { ...asked(course), trouble };
  switch (meaning) {
    case "there":
      return [sent, { next: "end", outcome: course.uncertain ? "routed" : "already routed" }];
    case "refused":
      return fail(sent, "refused", trouble);
    case "limited":
      return fail(sent, givenUp(sent), trouble);
    case "busy":
      return go(sent, "move", "again", trouble);
    case "locked":
      return go({ ...sent, last: "locked", presumed: false }, "look", "look", trouble);
    case "maintenance":
      return go({ ...sent, last: meaning }, "look", "maintenance", trouble);
    case "broken":
    case "unknown":
      return go({ ...sent, last: meaning, uncertain: true }, "look", "now", trouble);
  }
}

/** The longest time that a switch takes, in milliseconds. */
export const switchMs = 60_000;

/**
 * Reads the reply to a look, and says how the takeover goes on.
 *
 * @param atMs when the reply came, in milliseconds of a clock that never goes back
 */
export function afterLook(
  course: Course,
  reply: Route | MoveError,
  atMs: number,
): [Course, Step] {
  if (reply instanceof MoveError) return afterFailedLook(course, reply, atMs);
  const looked = seen(course, reply.status === "processing", atMs);
  if (looked.processing) {
    const message = `a switch is running; ${pointsWhere(reply)}`;
    const running = { ...looked, presumed: false };
    return go(running, "look", "look", { code: "PROCESSING", message });
  }
  const { code, message } = reply.failure ?? course.trouble;
  const trouble = { code, message: `${message}; ${pointsWhere(reply)}` };
  if (isThere(course, reply)) {
    const { thereSinceMs = atMs } = course;
    const end = { next: "end", outcome: course.uncertain ? "routed" : "already routed" } as const;
    // Another switch may be running away from here; only a whole switch time tells that none is.
    if (course.last !== "locked" || atMs >= thereSinceMs + switchMs) return [looked, end];
    const there = { ...looked, thereSinceMs };
    if (reply.status === "ready") return go(there, "move", "now", trouble);
    return lookOrMove(there, trouble, atMs);
  }
  const elsewhere = {
    ...looked,
    from: reply.pointsTo,
    presumed: false,
    thereSinceMs: undefined,
  };
  if (course.moves === 0) return go(elsewhere, "move", "now", trouble);
  if (course.last === "broken" || reply.failure !== undefined) {
    return go({ ...elsewhere, last: "broken", uncertain: false }, "move", "again", trouble);
  }
  // An answer tells that the provider is available again.
  if (course.last === "maintenance" || isBusy(course) && reply.status === "ready") {
    return go(elsewhere, "move", "now", trouble);
  }
  return lookOrMove(elsewhere, trouble, atMs);
}

function seen(course: Course, processing: boolean, atMs: number): Course {
  const { looks, looksSince } = course;
  const lockedSinceMs = course.lockedSinceMs ?? (isBusy(course) ? atMs : undefined);
  return { ...course, looks: looks + 1, looksSince: looksSince + 1, processing, lockedSinceMs };
}

function afterFailedLook(course: Course, error: MoveError, atMs: number): [Course, Step] {
  const meaning = course.rules.meaning(error);
  const trouble = troubleOf(error);
  if (meaning === "unsent") return go(course, "look", "connect", trouble);
  if (error.kind === "untrusted") return fail(course, "refused", trouble);
  const looked = seen(course, false, atMs);
  // Asked for a switch, the provider also says whether the address is there already.
  if (course.moves === 0 && meaning !== "refused") return go(looked, "move", "now", trouble);
  if (meaning === "refused") return fail(looked, "refused", trouble);
  if (meaning === "limited") return fail(looked, givenUp(looked), trouble);
  if (meaning === "busy") return go(looked, "look", "again", trouble);
  if (meaning === "maintenance") {
    return go({ ...looked, last: meaning }, "look", "maintenance", trouble);
  }
  return lookOrMove(looked, trouble, atMs);
}

/** Looks again, or asks for the switch again after enough looks. */
function lookOrMove(course: Course, trouble: Trouble, atMs: number): [Course, Step] {
  const isEnough = isBusy(course)
    ? mayBeUnlocked(course, atMs)
    : course.looksSince >= course.moves + 2;
  return isEnough ? go(course, "move", "now", trouble) : go(course, "look", "look", trouble);
}

/**
 * Whether a locked address is asked for again. Most locks are short; the longest lasts for a switch,
 * and the last request is kept until that has passed: with looks after 1, 3, 9 and then each 12 s the
 * switch is asked for after 0, 1, 4, 13 and 61 s, and with two requests after 0 and 61 s.
 */
function mayBeUnlocked({ moves, lockedSinceMs, rules }: Course, atMs: number): boolean {
  return moves < rules.pace.maxMoves - 1 || atMs >= (lockedSinceMs ?? atMs) + switchMs;
}

/**
 * Goes on with the given kind of request, or with the other kind where the provider's limit for
 * this one is reached, or ends.
 */
function go(
  course: Course,
  next: "move" | "look",
  haste: Haste,
  trouble: Trouble,
): [Course, Step] {
  if (course.presumed && haste !== "now") return fail(course, givenUp(course), trouble);
  const { maxMoves, maxLooks } = course.rules.pace;
  const moves = course.moves < maxMoves;
  const looks = course.looks < maxLooks;
  if (next === "move" ? moves : looks) return [course, { next, haste, trouble }];
  if (next === "move" && looks && mayStillCome(course)) {
    return [course, { next: "look", haste: "look", trouble }];
  }
  if (next === "look" && moves && !course.processing) {
    return [course, { next: "move", haste: "again", trouble }];
  }
  return fail(course, givenUp(course), trouble);
}

/** Whether the address may still come to point where it is wanted without a further request. */
export function mayStillCome(course: Course): boolean {
  return course.uncertain || isBusy(course);
}

/** Whether a switch was running at the last request for one, this takeover's or another. */
function isBusy({ last }: Course): boolean {
  return last === "running" || last === "locked";
}

function fail(course: Course, outcome: Failure, trouble: Trouble): [Course, Step] {
  return [course, { next: "end", outcome: course.presumed ? "presumed there" : outcome, trouble }];
}

/** The outcome of a takeover that ends without a decisive answer. */
export function givenUp({ presumed, uncertain }: Course): Failure {
  if (presumed) return "presumed there";
  return uncertain ? "unknown" : "try later";
}

function isThere({ rules, to }: Course, { pointsTo }: Route): boolean {
  return isAt(rules, pointsTo, to);
}

function troubleOf({ code, message, retryAfterMs }: MoveError): Trouble {
  return { code, message, retryAfterMs };
}
