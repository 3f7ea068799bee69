import { type Course, type Haste, mayStillCome, type Request } from "./_course.ts";
import type { Pace } from "./provider.ts";

/** The limits of time of a takeover, and its clock. */
export interface TimeLimits {
  /** The limit for one request, in milliseconds. */
  readonly timeoutMs: number;
  /** The limit for the whole takeover, in milliseconds. */
  readonly deadlineMs: number;
  /** Tells how much of the deadline is left, in milliseconds. */
  readonly leftMs: () => number;
  /** Gives numbers from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** The provider's waits between requests, and its limit of looks. */
  readonly pace: Pace;
}

/** The next request, and when to send it. */
export interface Appointment {
  /** The kind of request. */
  readonly next: "move" | "look";
  /** The wait before the request, in milliseconds. */
  readonly waitMs: number;
}

/** Fits requests into the time that is left. */
export interface Schedule {
  /**
   * Says when to send a request: a look in place of a switch for which the time is too short;
   * undefined when there is no time left.
   */
  appoint(request: Request, course: Course): Appointment | undefined;
  /** The longest time that the next request may take, in milliseconds. */
  requestMs(next: "move" | "look", course: Course): number;
}

/** Makes the schedule of one takeover. Waits are longer by up to a quarter, at random. */
export function newSchedule({ timeoutMs, deadlineMs, leftMs, random, pace }: TimeLimits): Schedule {
  // The time kept at the end for a last look at where the address points.
  const lastLookMs = Math.min(1000, deadlineMs / 10, timeoutMs / 4);
  // A switch asked for too late would not end in time, so its outcome would be unknown.
  const moveNeedsMs = Math.min(timeoutMs, deadlineMs) / 2;
  // A look that comes before the request for a switch must not hold that up for long.
  const quickLookMs = Math.min(5000, deadlineMs / 4, timeoutMs / 4);
  const waits = { look: 0, maintenance: 0, again: 0, connect: 0 };
  const waitMs = (haste: Haste) => {
    if (haste === "now") return 0;
    const { firstMs, maxMs } = pace[haste];
    return Math.min(firstMs * 3 ** waits[haste]++, maxMs) * (1 + random() / 4);
  };
  const look = (wishedMs: number): Appointment | undefined => {
    const latestMs = leftMs() - lastLookMs;
    return latestMs > 0 ? { next: "look", waitMs: Math.min(wishedMs, latestMs) } : undefined;
  };
  return {
    appoint({ next, haste }, course) {
      const wishedMs = waitMs(haste);
      if (next === "look" && haste === "now") return leftMs() > 0 ? { next, waitMs: 0 } : undefined;
      if (next === "look") {
        const lastMoveMs = leftMs() - moveNeedsMs;
        const isLast = wishedMs >= lastMoveMs && lastMoveMs >= pace.look.firstMs;
        // After this look it would be too late for a switch, and the lock may have gone by then.
        if (isLast && course.last === "locked" && course.moves < pace.maxMoves) {
          return { next: "move", waitMs: lastMoveMs };
        }
        // A look that tells of the end of a maintenance leaves the time to ask for the switch.
        if (isLast && course.last === "maintenance") return look(lastMoveMs - lastLookMs);
        return look(wishedMs);
      }
      if (leftMs() - wishedMs >= moveNeedsMs) return { next, waitMs: wishedMs };
      if (!mayStillCome(course) || course.looks >= pace.maxLooks) return undefined;
      return look(wishedMs > 0 ? wishedMs : waitMs("look"));
    },
    requestMs(next, { moves }) {
      if (next === "move") return Math.min(timeoutMs, leftMs() - lastLookMs);
      return Math.min(moves === 0 ? quickLookMs : timeoutMs, leftMs());
    },
  };
}
