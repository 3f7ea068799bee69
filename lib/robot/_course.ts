import { sameAddress } from "../base/ip_address.ts";
import { RobotError } from "./errors.ts";
import type { Failover } from "./failover.ts";
import { meaningOf } from "./meaning.ts";

/** What stands in the way. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
  /** No request is allowed before this has passed. */
  readonly retryAfterMs?: number;
}

/**
 * How long to wait before a request: not at all, between two looks, before a switch is asked for
 * again, or before the next try to get a connection.
 */
export type Pace = "now" | "look" | "again" | "connect";

/** The next request. */
export interface Request {
  readonly next: "POST" | "GET";
  readonly pace: Pace;
  /** What makes it necessary. */
  readonly trouble: Trouble;
}

/** The end of a takeover. */
export type End =
  | { readonly next: "end"; readonly outcome: "routed" | "already routed" }
  | {
    readonly next: "end";
    readonly outcome: "refused" | "try later" | "unknown";
    readonly trouble: Trouble;
  };

/** What to do next. */
export type Step = Request | End;

/** What is known in the course of a takeover. */
export interface Course {
  /** Where the address is to be routed; null: nowhere, and `POST` stands for `DELETE`. */
  readonly to: string | null;
  /** The requests that may have reached the Robot. */
  readonly posts: number;
  readonly gets: number;
  /** `GET`s since the last `POST`. */
  readonly looks: number;
  /** What the last `POST` met. */
  readonly last?: "locked" | "broken" | "unknown";
  /** The same, in words. */
  readonly trouble: Trouble;
  /** A switch that was asked for in this takeover may have happened, or may still happen. */
  readonly uncertain: boolean;
  /** A switch is running, as the last look had it. */
  readonly processing: boolean;
  /** Where the address pointed before; null: nowhere; undefined: not known. */
  readonly from?: string | null;
}

/** The beginning of a takeover. */
export function newCourse(to: string | null): Course {
  const trouble = { code: "TIMEOUT", message: "there was no time to ask" };
  return { to, posts: 0, gets: 0, looks: 0, trouble, uncertain: false, processing: false };
}

// Three nodes share 50 POSTs and 100 GETs an hour (API.md, "Errors").
export const maxPosts = 5;
export const maxGets = 15;

/** Reads the reply to a `POST`. */
export function afterPost(course: Course, reply: Failover | RobotError): [Course, Step] {
  if (reply instanceof RobotError) return afterFailedPost(course, reply);
  const sent = posted(course);
  if (reply.status === "processing") {
    const trouble = { code: "PROCESSING", message: "the switch is still running" };
    const running = {
      ...sent,
      trouble,
      last: "locked",
      uncertain: true,
      processing: true,
    } as const;
    return go(running, "GET", "look", trouble);
  }
  if (pointsTo(reply, course.to)) return [sent, { next: "end", outcome: "routed" }];
  return fail(sent, "refused", {
    code: "NOT_ROUTED",
    message: `the Robot carried it out, and yet ${whereItPoints(reply)}`,
  });
}

function posted(course: Course): Course {
  return { ...course, posts: course.posts + 1, looks: 0, last: undefined, processing: false };
}

function afterFailedPost(course: Course, error: RobotError): [Course, Step] {
  const meaning = meaningOf(error);
  const trouble = troubleOf(error);
  // What never left counts for no quota, so the deadline alone ends the tries.
  if (meaning === "unsent") return go(course, "POST", "connect", trouble);
  if (error.kind === "untrusted") return fail(course, "refused", trouble);
  const sent = { ...posted(course), trouble };
  switch (meaning) {
    case "there":
      return [sent, { next: "end", outcome: course.uncertain ? "routed" : "already routed" }];
    case "refused":
      return fail(sent, "refused", trouble);
    case "limited":
      return fail(sent, givenUp(sent), trouble);
    case "locked":
      return go({ ...sent, last: "locked" }, "GET", "look", trouble);
    case "maintenance":
      return go(sent, "POST", "again", trouble);
    case "broken":
    case "unknown":
      return go({ ...sent, last: meaning, uncertain: true }, "GET", "now", trouble);
  }
}

/** Reads the reply to a `GET`. */
export function afterGet(course: Course, reply: Failover | RobotError): [Course, Step] {
  if (reply instanceof RobotError) return afterFailedGet(course, reply);
  const processing = reply.status === "processing";
  const looked = { ...course, gets: course.gets + 1, looks: course.looks + 1, processing };
  if (processing) {
    const message = `a switch is running; ${whereItPoints(reply)}`;
    return go(looked, "GET", "look", { code: "PROCESSING", message });
  }
  if (pointsTo(reply, course.to)) {
    return [looked, { next: "end", outcome: course.uncertain ? "routed" : "already routed" }];
  }
  const elsewhere = { ...looked, from: reply.activeServerIp };
  const { code, message } = course.trouble;
  const trouble = { code, message: `${message}; ${whereItPoints(reply)}` };
  if (course.last === "broken") {
    return go({ ...elsewhere, uncertain: false }, "POST", "again", trouble);
  }
  if (course.last === "locked" && reply.status === "ready") {
    return go(elsewhere, "POST", "now", trouble);
  }
  return lookOrPost(elsewhere, trouble);
}

function afterFailedGet(course: Course, error: RobotError): [Course, Step] {
  const meaning = meaningOf(error);
  const trouble = troubleOf(error);
  if (meaning === "unsent") return go(course, "GET", "connect", trouble);
  if (error.kind === "untrusted") return fail(course, "refused", trouble);
  const { gets, looks } = course;
  const looked = { ...course, gets: gets + 1, looks: looks + 1, processing: false };
  if (meaning === "refused") return fail(looked, "refused", trouble);
  if (meaning === "limited") return fail(looked, givenUp(looked), trouble);
  return lookOrPost(looked, trouble);
}

/**
 * Looks again, or asks for the switch again once it has been looked often enough. A switch takes up
 * to a minute, and its lock as long, so the looks between two `POST`s grow in number: with the waits
 * of `takeover`, five `POST`s at a locked address span about a minute.
 */
function lookOrPost(course: Course, trouble: Trouble): [Course, Step] {
  const enough = course.last === "locked" ? Math.max(1, course.posts - 1) : course.posts + 2;
  if (course.looks < enough) return go(course, "GET", "look", trouble);
  return go(course, "POST", "now", trouble);
}

/** Goes on with a request, or with the other one when that one is used up, or ends. */
function go(course: Course, next: "POST" | "GET", pace: Pace, trouble: Trouble): [Course, Step] {
  const posts = course.posts < maxPosts;
  const gets = course.gets < maxGets;
  if (next === "POST" ? posts : gets) return [course, { next, pace, trouble }];
  if (next === "POST" && gets && mayStillCome(course)) {
    return [course, { next: "GET", pace: "look", trouble }];
  }
  if (next === "GET" && posts && !course.processing) {
    return [course, { next: "POST", pace: "again", trouble }];
  }
  return fail(course, givenUp(course), trouble);
}

/** Whether the address may come to point there without a further `POST`. */
export function mayStillCome(course: Course): boolean {
  return course.uncertain || course.last === "locked";
}

function fail(
  course: Course,
  outcome: "refused" | "try later" | "unknown",
  trouble: Trouble,
): [Course, Step] {
  return [course, { next: "end", outcome, trouble }];
}

/** The outcome of a takeover that ends before it has got an answer that decides. */
export function givenUp(course: Course): "try later" | "unknown" {
  return course.uncertain ? "unknown" : "try later";
}

function pointsTo({ activeServerIp }: Failover, to: string | null): boolean {
  if (activeServerIp === null || to === null) return activeServerIp === to;
  return sameAddress(activeServerIp, to);
}

function whereItPoints({ ip, activeServerIp }: Failover): string {
  return `${ip} points ${activeServerIp === null ? "nowhere" : `to ${activeServerIp}`}`;
}

function troubleOf({ code, message, intervalMs }: RobotError): Trouble {
  return { code, message, retryAfterMs: intervalMs };
}
