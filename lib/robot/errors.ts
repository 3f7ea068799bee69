import type { Clean } from "../base/cleanser.ts";
import { parseJson } from "../base/parse_json.ts";
import { plainText } from "../base/plain_text.ts";
import { longestRetryMs } from "../base/retry_after.ts";
import { isLoginFailure, MoveError, type MoveErrorInit } from "../move/move_error.ts";
import { quotedBody, quotedRedirect } from "../move/quoted_reply.ts";

/** The parts of a {@link RobotError}. */
export interface RobotErrorInit extends MoveErrorInit {
  /** See {@link RobotError.status}. */
  readonly status?: number;
  /** See {@link RobotError.maxRequest}. */
  readonly maxRequest?: number;
  /** See {@link RobotError.missing}. */
  readonly missing?: readonly string[];
  /** See {@link RobotError.invalid}. */
  readonly invalid?: readonly string[];
}

/**
 * An answer to a request that failed (API.md, "Errors"). `code` is the Robot's own
 * (`FAILOVER_LOCKED`), or one of ours: `UNREADABLE_REPLY`, `REDIRECT`, `MAINTENANCE`,
 * `OTHER_ADDRESS`, `TOO_MANY_REQUESTS`, and those of failed logins. `retryAfterMs` is the interval of
 * `RATE_LIMIT_EXCEEDED`, or the header `Retry-After`, at most a day.
 */
export class RobotError extends MoveError {
  /** The name of the class. */
  override readonly name = "RobotError";
  /** The HTTP status, when an answer came. */
  readonly status?: number;
  /** Of `RATE_LIMIT_EXCEEDED`: the number of requests allowed in `retryAfterMs`. */
  readonly maxRequest?: number;
  /** Of `INVALID_INPUT`: the parameters that are missing. */
  readonly missing?: readonly string[];
  /** Of `INVALID_INPUT`: the parameters whose values are wrong. */
  readonly invalid?: readonly string[];

  /** Makes an error of these parts. */
  constructor(init: RobotErrorInit) {
    super(init);
    this.status = init.status;
    this.maxRequest = init.maxRequest;
    this.missing = init.missing;
    this.invalid = init.invalid;
  }
}

/** The parts of a reply besides its status and body, and the way to quote it. */
export interface ErrorContext {
  /** The target of a redirect, for the message. */
  readonly location?: string;
  /** The time that `Retry-After` gives, in milliseconds. */
  readonly retryAfterMs?: number;
  /**
   * Masks secrets in quoted text, which is cleaned as a whole before it is cut, so that no beginning
   * of a secret is left over.
   */
  readonly clean?: Clean;
}

// How long a limit lasts that does not say so, in milliseconds: reports tell of minutes.
const usualLimitMs = 300_000;

/**
 * Reads an answer that is not a success: `{"error": {"status", "code", "message", …}}`
 * (API.md, "Errors"). Never throws: a body that is not the Robot's gives an error of kind
 * `unreadable`.
 *
 * @param status the HTTP status, which counts rather than the copy of it in the body
 */
export function parseError(
  status: number,
  body: Uint8Array,
  { location, retryAfterMs, clean = asIs }: ErrorContext = {},
): RobotError {
  if (status >= 300 && status < 400) {
    return redirect(status, quotedRedirect(location, clean));
  }
  const error = (parseJson(body) as { error?: unknown } | null | undefined)?.error;
  const fields = (typeof error === "object" && error !== null ? error : {}) as Fields;
  const code = typeof fields.code === "string" && isCode(fields.code) &&
      // A code that equals the secret is dropped. A code that contains it stays, since a short
      // password may occur in any code.
      clean(fields.code) !== "***"
    ? fields.code
    : undefined;
  const limited = code === "RATE_LIMIT_EXCEEDED" && status !== 401;
  const limitMs = (status === 403 || limited ? seconds(fields.interval) : undefined) ??
    retryAfterMs;
  const refusal = limited ? undefined : refusals[status];
  if (refusal !== undefined) {
    const said = messageOf(fields, clean);
    const isLimit = limitMs !== undefined && status !== 401;
    return new RobotError({
      kind: "refused",
      status,
      code: isLimit ? "TOO_MANY_REQUESTS" : refusal.code,
      message: said === undefined
        ? refusal.message
        : status === 401
        ? said
        : `${refusal.message}: ${said}`,
      retryAfterMs: isLoginFailure(refusal.code) ? limitMs : limitMs ?? usualLimitMs,
    });
  }
  if (code === undefined) return unreadable(status, body, clean);
  const missing = code === "INVALID_INPUT" ? names(fields.missing, clean) : undefined;
  const invalid = code === "INVALID_INPUT" ? names(fields.invalid, clean) : undefined;
  return new RobotError({
    kind: "refused",
    status,
    code,
    message: (messageOf(fields, clean) ?? code.toLowerCase().replaceAll("_", " ")) +
      (missing === undefined ? "" : `; missing: ${missing.join(", ")}`) +
      (invalid === undefined ? "" : `; invalid: ${invalid.join(", ")}`),
    maxRequest: limited ? count(fields.max_request) : undefined,
    retryAfterMs: limited ? limitMs ?? usualLimitMs : retryAfterMs,
    missing,
    invalid,
  });
}

/**
 * The replies that are a refusal whatever their body says, since whoever answers them: a second try
 * may block this machine. A 403 has been seen for a wrong password, and for a block (API.md,
 * "Errors").
 */
const refusals: Readonly<Record<number, { readonly code: string; readonly message: string }>> = {
  401: { code: "UNAUTHORIZED", message: "wrong user or password" },
  403: {
    code: "LOGIN_OR_BLOCK",
    message: "the login is wrong, or this machine's address is blocked (status 403)",
  },
  407: { code: "PROXY_UNAUTHORIZED", message: "a proxy wants another login (status 407)" },
  429: { code: "TOO_MANY_REQUESTS", message: "too many requests (status 429)" },
};

/** Whether a status is a refusal whatever the body says, even where it is cut off. */
export function isRefusal(status: number): boolean {
  return Object.hasOwn(refusals, status);
}

/** The error for an answer that is not the Robot's; its message quotes the beginning. */
export function unreadable(status: number, body: Uint8Array, clean: Clean = asIs): RobotError {
  // During maintenance the answer need not be JSON (API.md, "Errors").
  const maintenance = status === 503;
  return new RobotError({
    kind: "unreadable",
    status,
    code: maintenance ? "MAINTENANCE" : "UNREADABLE_REPLY",
    message: (maintenance
      ? "the Robot is not available (status 503)"
      : `the reply (status ${status}) is not the Robot's`) + quotedBody(body, clean),
  });
}

type Fields = Record<string, unknown>;

function asIs(text: string): string {
  return text;
}

function isCode(text: string): boolean {
  return /^[A-Z][A-Z0-9_]{1,63}$/.test(text);
}

function redirect(status: number, quoted: string): RobotError {
  return new RobotError({
    kind: "unreadable",
    status,
    code: "REDIRECT",
    message: `${quoted} (status ${status}); it would carry the password elsewhere, ` +
      "so it is not followed",
  });
}

function messageOf(fields: Fields, clean: Clean): string | undefined {
  const message = typeof fields.message === "string" ? plainText(clean(fields.message), 200) : "";
  return message === "" ? undefined : message;
}

function names(value: unknown, clean: Clean): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.slice(0, 20).filter((name) => typeof name === "string");
  const plain = texts.map((name) => plainText(clean(name), 60)).filter((name) => name !== "");
  return plain.length > 0 ? plain : undefined;
}

function count(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && number as number >= 0 ? number as number : undefined;
}

function seconds(value: unknown): number | undefined {
  const number = count(value);
  return number === undefined ? undefined : Math.min(number * 1000, longestRetryMs);
}
