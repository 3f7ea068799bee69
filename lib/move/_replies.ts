import { type Course, fail, givenUp, go, isBusy, type Step, type Trouble } from "./_course.ts";
import { MoveError } from "./move_error.ts";
import { isAt, pointsWhere, type Route } from "./provider.ts";

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

function isThere({ rules, to }: Course, { pointsTo }: Route): boolean {
  return isAt(rules, pointsTo, to);
}

function troubleOf({ code, message, retryAfterMs }: MoveError): Trouble {
  return { code, message, retryAfterMs };
}
