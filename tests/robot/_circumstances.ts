import { makeCertificate } from "../lab/certificate.ts";
import type { Fault, Simulator, SimulatorOptions } from "../../lib/robot/simulator.ts";

/** A circumstance that a takeover meets, and its end (robot/API.md, "Errors"). */
export interface Circumstance {
  /** The circumstance in words. */
  readonly title: string;
  /** The replies to the first requests. */
  readonly faults?: readonly Fault[];
  /**
   * Changes the Robot before the first request, and while requests come. The address 4.4.4.4 points
   * to 2.2.2.2, and is to point to 1.1.1.1.
   */
  readonly arrange?: (robot: Simulator) => void | Promise<void>;
  /** Settings of the Robot that differ. */
  readonly robot?: Partial<SimulatorOptions>;
  /** The limits for one request and for the takeover, in seconds. */
  readonly seconds?: { readonly timeout?: number; readonly deadline?: number };
  /** The server to route to; default 1.1.1.1. */
  readonly to?: string;
  /** The password; default: the right one. */
  readonly password?: string;
  /**
   * The surroundings of the command, which a node in the test's own process cannot have: further
   * words of the command line, another URL, further variables, and the words before the command.
   */
  readonly alone?: {
    readonly args?: readonly string[];
    readonly url?: (robot: Simulator) => string;
    readonly env?: Record<string, string>;
    readonly on?: readonly string[];
  };
  /** The last line of the command, in which N stands for figures that differ. */
  readonly told: string | RegExp;
  /** The exit status of the command. */
  readonly status: 0 | 1 | 75;
  /** The methods of all requests; a pattern where the time decides how many there are. */
  readonly requests: string | RegExp;
  /**
   * The reason for which a node does not ask with the account afterwards: the login is refused, or a
   * quota is used up; left out: it asks. Not looked at where the command is `alone`.
   */
  readonly remembered?: "refused" | "limited";
}

const here = "4.4.4.4 points to 1.1.1.1 (N s)";
const wasHere = "4.4.4.4 already pointed to 1.1.1.1 (N s)";

const error = (status: number, code: string, more: Partial<Fault> = {}): Fault =>
  ({ kind: "error", status, code, ...more }) as Fault;
const html = (status: number, more: Partial<Fault> = {}): Fault =>
  ({ kind: "body", status, body: "<html>no</html>", ...more }) as Fault;
const text = (body: string, more: Partial<Fault> = {}): Fault =>
  ({ kind: "body", status: 200, body, ...more }) as Fault;
const retryAfter = { headers: { "retry-after": "7" } };

const already: Pick<Circumstance, "told" | "status"> = { told: wasHere, status: 0 };
const routed: Pick<Circumstance, "told" | "status"> = { told: here, status: 0 };
const refused = (why: string) =>
  ({ told: `failover takeover: refused: ${why}`, status: 1 }) as const;
const later = (why: string) =>
  ({ told: `failover takeover: try later: ${why}`, status: 75 }) as const;
const unknown = (why: string) =>
  ({ told: `failover takeover: unknown: ${why}`, status: 75 }) as const;

/** An end that comes with the deadline: on a slow machine the last reply may come too late. */
const whileThereIsTime = (why: string) => ({
  told: RegExp(`^failover takeover: try later: (${why}|TIMEOUT: .+)$`),
  status: 75,
  requests: /^POST( GET| POST)*$/,
} as const);

/** Replies that settle it, one way or the other. */
const decided: readonly Circumstance[] = [
  { title: "200", ...routed, requests: "POST" },
  {
    title: "200, and it points elsewhere",
    faults: [{ kind: "active", activeServerIp: "3.3.3.3" }],
    ...refused("NOT_ROUTED: the Robot carried it out, and yet 4.4.4.4 points to 3.3.3.3"),
    requests: "POST",
  },
  {
    title: "200, and it points nowhere",
    faults: [{ kind: "active", activeServerIp: null }],
    ...refused("NOT_ROUTED: the Robot carried it out, and yet 4.4.4.4 points nowhere"),
    requests: "POST",
  },
  {
    title: "200 about another address",
    faults: [text('{"failover":{"ip":"5.5.5.5","active_server_ip":"1.1.1.1"}}')],
    ...refused(
      "OTHER_ADDRESS: the reply is about 5.5.5.5, not about 4.4.4.4: is the URL right?",
    ),
    requests: "POST",
  },
  {
    title: "409 FAILOVER_ALREADY_ROUTED",
    arrange: (robot) => robot.route("4.4.4.4", "1.1.1.1"),
    ...already,
    requests: "POST",
  },
  {
    title: "400 INVALID_INPUT, with a field that is missing",
    faults: [
      error(400, "INVALID_INPUT", { fields: { missing: ["active_server_ip"], invalid: null } }),
    ],
    ...refused("INVALID_INPUT: on demand; missing: active_server_ip"),
    requests: "POST",
  },
  {
    title: "404 NOT_FOUND",
    faults: [error(404, "NOT_FOUND")],
    ...refused("NOT_FOUND: on demand"),
    requests: "POST",
  },
  {
    title: "404 at a URL that the Robot does not have",
    alone: { url: (robot) => `${robot.url}/api/failover/4.4.4.4` },
    ...refused("NOT_FOUND: No entry found"),
    requests: "POST",
  },
  {
    title: "404 FAILOVER_NEW_SERVER_NOT_FOUND",
    to: "9.9.9.9",
    ...refused("FAILOVER_NEW_SERVER_NOT_FOUND: The server 9.9.9.9 was not found"),
    requests: "POST",
  },
];

const loginOrBlock =
  "LOGIN_OR_BLOCK: the login is wrong, or this machine's address is blocked (status 403)";

/** Replies after which the account is let alone. */
const accounts: readonly Circumstance[] = [
  {
    title: "401 UNAUTHORIZED",
    password: "wrong",
    ...refused("UNAUTHORIZED: Unauthorized"),
    requests: "POST",
    remembered: "refused",
  },
  {
    title: "401 without a body",
    faults: [html(401, { body: "" })],
    ...refused("UNAUTHORIZED: wrong user or password"),
    requests: "POST",
    remembered: "refused",
  },
  {
    title: "401 whose body is cut off",
    faults: [html(401, { cut: true })],
    ...refused("UNAUTHORIZED: wrong user or password"),
    requests: "POST",
    remembered: "refused",
  },
  {
    title: "401 with Retry-After",
    faults: [html(401, retryAfter)],
    ...refused("UNAUTHORIZED: wrong user or password"),
    requests: "POST",
    remembered: "refused",
  },
  {
    title: "401 to the look after a lost reply",
    faults: [{ kind: "reset" }, error(401, "UNAUTHORIZED")],
    ...refused("UNAUTHORIZED: on demand"),
    requests: "POST GET",
    remembered: "refused",
  },
  {
    title: "403 in HTML",
    faults: [html(403)],
    ...refused(loginOrBlock),
    requests: "POST",
    remembered: "refused",
  },
  {
    title: "403 with another code",
    faults: [error(403, "FORBIDDEN")],
    ...refused(`${loginOrBlock}: on demand`),
    requests: "POST",
    remembered: "refused",
  },
  {
    title: "403 in HTML with Retry-After",
    faults: [html(403, retryAfter)],
    ...later(
      "TOO_MANY_REQUESTS: the login is wrong, or this machine's address is blocked (status 403); " +
        "not before 7 s have passed",
    ),
    requests: "POST",
    remembered: "limited",
  },
  {
    title: "403 RATE_LIMIT_EXCEEDED",
    robot: { quota: { gets: 100, posts: 0, intervalMs: 3_600_000 } },
    ...later("RATE_LIMIT_EXCEEDED: rate limit exceeded; not before 3600 s have passed"),
    requests: "POST",
    remembered: "limited",
  },
  {
    title: "403 RATE_LIMIT_EXCEEDED without an interval",
    faults: [error(403, "RATE_LIMIT_EXCEEDED")],
    ...later("RATE_LIMIT_EXCEEDED: on demand; not before 300 s have passed"),
    requests: "POST",
    remembered: "limited",
  },
  {
    title: "403 RATE_LIMIT_EXCEEDED with an interval of years",
    faults: [error(403, "RATE_LIMIT_EXCEEDED", { fields: { interval: 100_000_000 } })],
    ...later("RATE_LIMIT_EXCEEDED: on demand; not before 86400 s have passed"),
    requests: "POST",
    remembered: "limited",
  },
  {
    title: "403 RATE_LIMIT_EXCEEDED to the look after a lost reply",
    faults: [{ kind: "reset" }, error(403, "RATE_LIMIT_EXCEEDED", { fields: { interval: 60 } })],
    ...unknown("RATE_LIMIT_EXCEEDED: on demand; not before 60 s have passed"),
    requests: "POST GET",
  },
  {
    title: "407",
    faults: [html(407)],
    ...refused("PROXY_UNAUTHORIZED: a proxy wants another login (status 407)"),
    requests: "POST",
    remembered: "refused",
  },
  {
    title: "429 with Retry-After",
    faults: [html(429, retryAfter)],
    ...later("TOO_MANY_REQUESTS: too many requests (status 429); not before 7 s have passed"),
    requests: "POST",
    remembered: "limited",
  },
  {
    title: "429 without Retry-After",
    faults: [html(429)],
    ...later("TOO_MANY_REQUESTS: too many requests (status 429); not before 300 s have passed"),
    requests: "POST",
    remembered: "limited",
  },
];

/** Locks, and switches that take their time. */
const locks: readonly Circumstance[] = [
  {
    title: "409 FAILOVER_LOCKED, then free",
    async arrange(robot) {
      const unlock = robot.lock("4.4.4.4");
      await robot.ended("GET");
      unlock();
    },
    ...routed,
    requests: "POST GET POST",
  },
  {
    title: "409 FAILOVER_LOCKED by a switch to here",
    async arrange(robot) {
      const unlock = robot.lock("4.4.4.4");
      await robot.ended("POST");
      robot.route("4.4.4.4", "1.1.1.1");
      unlock();
    },
    ...already,
    requests: "POST GET POST",
  },
  {
    title: "409 FAILOVER_LOCKED while it points here, by a switch to elsewhere",
    async arrange(robot) {
      robot.route("4.4.4.4", "1.1.1.1");
      const unlock = robot.lock("4.4.4.4");
      await robot.ended("GET");
      robot.route("4.4.4.4", "2.2.2.2");
      unlock();
    },
    ...routed,
    requests: "POST GET POST",
  },
  {
    title: "409 FAILOVER_LOCKED while it points here, for as long as there is time",
    arrange(robot) {
      robot.route("4.4.4.4", "1.1.1.1");
      robot.lock("4.4.4.4");
    },
    seconds: { timeout: 10, deadline: 5 },
    ...whileThereIsTime("FAILOVER_LOCKED: .+ is locked; 4.4.4.4 points to 1.1.1.1"),
  },
  {
    title: "409 FAILOVER_LOCKED for as long as there is time",
    arrange: (robot) => void robot.lock("4.4.4.4"),
    seconds: { timeout: 10, deadline: 5 },
    ...whileThereIsTime("FAILOVER_LOCKED: .+ is locked; 4.4.4.4 points to 2.2.2.2"),
  },
  {
    title: "409 with a code that nobody knows",
    faults: [error(409, "CONFLICT")],
    ...routed,
    requests: "POST GET GET GET POST",
  },
  {
    title: "200, still processing",
    faults: [{ kind: "status", status: "processing" }, { kind: "status", status: "processing" }],
    ...routed,
    requests: "POST GET GET",
  },
  {
    title: "a switch that outlasts its request",
    faults: [{ kind: "hang" }],
    robot: { withStatus: true },
    async arrange(robot) {
      await robot.arrived("POST");
      const unlock = robot.lock("4.4.4.4");
      await robot.ended("GET");
      robot.route("4.4.4.4", "1.1.1.1");
      unlock();
    },
    seconds: { timeout: 5, deadline: 60 },
    ...routed,
    requests: "POST GET GET",
  },
];

/** Failures of the Robot's, after which it is asked again. */
const failures: readonly Circumstance[] = [
  {
    title: "500 FAILOVER_FAILED, then it works",
    faults: [error(500, "FAILOVER_FAILED")],
    ...routed,
    requests: "POST GET POST",
  },
  {
    title: "500 FAILOVER_NOT_COMPLETE, and yet it switched",
    faults: [error(500, "FAILOVER_NOT_COMPLETE", { after: true })],
    ...routed,
    requests: "POST GET",
  },
  {
    title: "500 INTERNAL_ERROR for as long as there is time",
    faults: Array.from({ length: 9 }, () => error(500, "INTERNAL_ERROR", { method: "POST" })),
    seconds: { timeout: 10, deadline: 5 },
    ...whileThereIsTime("INTERNAL_ERROR: on demand; 4.4.4.4 points to 2.2.2.2"),
  },
  {
    title: "503 in HTML, then it works",
    faults: [html(503)],
    ...routed,
    requests: "POST GET POST",
  },
  {
    title: "503 in JSON for as long as there is time",
    faults: Array.from({ length: 9 }, () => error(503, "MAINTENANCE")),
    seconds: { timeout: 10, deadline: 5 },
    ...whileThereIsTime("MAINTENANCE: on demand"),
  },
];

/** Replies of which nobody knows whether the switch happened. */
const riddles: readonly Circumstance[] = [
  {
    title: "a connection that is lost after the switch",
    faults: [{ kind: "reset", after: true }],
    ...routed,
    requests: "POST GET",
  },
  {
    title: "a connection that is lost before the switch",
    faults: [{ kind: "reset" }],
    ...routed,
    requests: "POST GET GET GET POST",
  },
  {
    title: "no reply in time, after the switch",
    faults: [{ kind: "hang", after: true }],
    seconds: { timeout: 5, deadline: 60 },
    ...routed,
    requests: "POST GET",
  },
  {
    title: "no reply to anything",
    faults: Array.from({ length: 9 }, () => ({ kind: "hang" } as const)),
    seconds: { timeout: 5, deadline: 7 },
    ...unknown("TIMEOUT: no reply within N s"),
    requests: "POST GET",
  },
  {
    title: "JSON that is cut off with its connection, after the switch",
    faults: [text('{"failover":{"ip":"4.4', { cut: true, after: true })],
    ...routed,
    requests: "POST GET",
  },
  {
    title: "JSON that is cut off, after the switch",
    faults: [text('{"failover":{"ip":"4.4', { after: true })],
    ...routed,
    requests: "POST GET",
  },
  {
    title: "JSON with a field missing, after the switch",
    faults: [text('{"failover":{"ip":"4.4.4.4"}}', { after: true })],
    ...routed,
    requests: "POST GET",
  },
  {
    title: "200 in HTML",
    faults: [html(200)],
    ...routed,
    requests: "POST GET GET GET POST",
  },
  {
    title: "200 that is too long, after the switch",
    faults: [text("x".repeat(200_000), { after: true })],
    ...routed,
    requests: "POST GET",
  },
  {
    title: "404 without a body",
    faults: [html(404, { body: "" })],
    ...routed,
    requests: "POST GET GET GET POST",
  },
  {
    title: "502 in HTML, after the switch",
    faults: [html(502, { after: true })],
    ...routed,
    requests: "POST GET",
  },
  {
    title: "redirects for as long as there is time",
    faults: Array.from(
      { length: 9 },
      () => html(301, { headers: { location: "https://robot.invalid/login" } }),
    ),
    seconds: { timeout: 10, deadline: 5 },
    told:
      /^failover takeover: unknown: (REDIRECT: a redirect to https:\/\/robot\.invalid\/login .+|TIMEOUT: .+)$/,
    status: 75,
    requests: /^POST( GET)*$/,
  },
];

/** Circumstances in which no request arrives. */
const unreached: readonly Circumstance[] = [
  {
    title: "no connection",
    arrange: (robot) => robot.close(),
    seconds: { timeout: 10, deadline: 9 },
    ...later("ECONNREFUSED: no connection: 127.0.0.1:N: connection refused"),
    requests: "",
  },
  {
    title: "a certificate that nobody trusts",
    robot: { tls: makeCertificate() },
    ...refused(
      "CERT_UNKNOWN_ISSUER: the certificate does not verify: neither this server's certificates nor " +
        "those of ca vouch for it",
    ),
    requests: "",
  },
];

/** All circumstances; those that take longest are first. */
export const circumstances: readonly Circumstance[] = [
  ...failures,
  ...riddles,
  ...locks,
  ...unreached,
  ...accounts,
  ...decided,
];
