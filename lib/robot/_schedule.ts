import { type Course, maxGets, mayStillCome, type Pace, type Request } from "./_course.ts";

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
}

/** The next request, and when. */
export interface Appointment {
  readonly next: "POST" | "GET";
  readonly waitMs: number;
}

/** Fits requests into the time there is. */
export interface Schedule {
  /** When to send a request; undefined when there is no time left for it. */
  appoint(request: Request, course: Course): Appointment | undefined;
  /** How long the next request may take. */
  requestMs(method: "POST" | "GET"): number;
}

/** The first wait and the longest wait of each pace; each wait is three times the one before. */
const paces: Record<Exclude<Pace, "now">, { firstMs: number; maxMs: number }> = {
  look: { firstMs: 1000, maxMs: 12_000 },
  again: { firstMs: 2000, maxMs: 40_000 },
  connect: { firstMs: 1000, maxMs: 5000 },
};

/** Makes the schedule of one takeover. Waits are longer by up to a quarter, at random. */
export function newSchedule({ timeoutMs, deadlineMs, leftMs, random }: TimeLimits): Schedule {
  // Kept at the end for a last look at where the address points.
  const lastLookMs = Math.min(1000, deadlineMs / 10, timeoutMs / 4);
  // A switch takes its time: one asked for too late would only have an unknown outcome.
  const postNeedsMs = Math.min(timeoutMs, deadlineMs) / 2;
  const waits = { look: 0, again: 0, connect: 0 };
  const waitMs = (pace: Pace) => {
    if (pace === "now") return 0;
    const { firstMs, maxMs } = paces[pace];
    return Math.min(firstMs * 3 ** waits[pace]++, maxMs) * (1 + random() / 4);
  };
  const look = (wishedMs: number): Appointment | undefined => {
    const latestMs = leftMs() - lastLookMs;
    return latestMs > 0 ? { next: "GET", waitMs: Math.min(wishedMs, latestMs) } : undefined;
  };
  return {
    appoint({ next, pace }, course) {
      const wishedMs = waitMs(pace);
      if (next === "GET" && pace === "now") return leftMs() > 0 ? { next, waitMs: 0 } : undefined;
      if (next === "GET") return look(wishedMs);
      if (leftMs() - wishedMs >= postNeedsMs) return { next, waitMs: wishedMs };
      if (!mayStillCome(course) || course.gets >= maxGets) return undefined;
      return look(wishedMs > 0 ? wishedMs : waitMs("look"));
    },
    requestMs(method) {
      return Math.min(timeoutMs, method === "GET" ? leftMs() : leftMs() - lastLookMs);
    },
  };
}
