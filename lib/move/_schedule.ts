import { type Course, type Haste, mayStillCome, type Request } from "./_course.ts";
import type { Pace } from "./provider.ts";

/** The limits of time, and how to measure it. */
export interface TimeLimits {
  /** For one request. */
  readonly timeoutMs: number;
  /** For the whole takeover. */
  readonly deadlineMs: number;
  /** How much is left of it. */
  readonly leftMs: () => number;
  /** Numbers from 0 up to 1. */
  readonly random: () => number;
  /** How long to wait between requests. */
  readonly pace: Pace;
}

/** The next request, and when. */
export interface Appointment {
  readonly next: "move" | "look";
  readonly waitMs: number;
}

/** Fits requests into the time there is. */
export interface Schedule {
  /** When to send a request; undefined when there is no time left for it. */
  appoint(request: Request, course: Course): Appointment | undefined;
  /** How long the next request may take. */
  requestMs(next: "move" | "look"): number;
}

/** Makes the schedule of one takeover. Waits are longer by up to a quarter, at random. */
export function newSchedule({ timeoutMs, deadlineMs, leftMs, random, pace }: TimeLimits): Schedule {
  // Kept at the end for a last look at where the address points.
  const lastLookMs = Math.min(1000, deadlineMs / 10, timeoutMs / 4);
  // A switch takes its time: one asked for too late would only have an unknown outcome.
  const moveNeedsMs = Math.min(timeoutMs, deadlineMs) / 2;
  const waits = { look: 0, again: 0, connect: 0 };
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
      if (next === "look") return look(wishedMs);
      if (leftMs() - wishedMs >= moveNeedsMs) return { next, waitMs: wishedMs };
      if (!mayStillCome(course) || course.looks >= pace.maxLooks) return undefined;
      return look(wishedMs > 0 ? wishedMs : waitMs("look"));
    },
    requestMs(next) {
      return Math.min(timeoutMs, next === "look" ? leftMs() : leftMs() - lastLookMs);
    },
  };
}
