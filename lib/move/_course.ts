import type { Provider } from "./provider.ts";

/** The reason why an address is not yet known to be where it is wanted. */
export interface Trouble {
  /** The code of the `MoveError`, or `PROCESSING`, `NOT_ROUTED` or `TIMEOUT`. */
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

/**
 * Goes on with the given kind of request, or with the other kind where the provider's limit for
 * this one is reached, or ends.
 */
export function go(
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
export function isBusy({ last }: Course): boolean {
  return last === "running" || last === "locked";
}

/** Ends without the address; where it was presumed there, it still is. */
export function fail(course: Course, outcome: Failure, trouble: Trouble): [Course, Step] {
  return [course, { next: "end", outcome: course.presumed ? "presumed there" : outcome, trouble }];
}

/** The outcome of a takeover that ends without a decisive answer. */
export function givenUp({ presumed, uncertain }: Course): Failure {
  if (presumed) return "presumed there";
  return uncertain ? "unknown" : "try later";
}
