import type { Clean } from "../base/cleanser.ts";
import { parseJson } from "../base/parse_json.ts";
import { plainText } from "../base/plain_text.ts";
import { MoveError, type MoveErrorInit } from "../move/move_error.ts";
import { quotedBody, quotedRedirect } from "../move/quoted_reply.ts";
import { objectOf } from "./_fields.ts";

/** The parts of a {@link CloudError}. */
export interface CloudErrorInit extends MoveErrorInit {
  /** See {@link CloudError.status}. */
  readonly status?: number;
  /** See {@link CloudError.stage}. */
  readonly stage?: CloudError["stage"];
}

/**
 * The failure of a request to the Cloud (API.md, "Errors"). `code` is the Cloud's own (`locked`), or
 * one of ours: `UNAUTHORIZED` for its `unauthorized`, `PROXY_UNAUTHORIZED`, `REDIRECT`,
 * `UNREADABLE_REPLY`, `OTHER_RESOURCE`, `OUTDATED_ID`, `STILL_ASSIGNED`, `NOT_IN_NETWORK`,
 * `NOT_ASSIGNED`, `SO_ALREADY`, `OVERWRITTEN`, `NO_SELF`.
 */
export class CloudError extends MoveError {
  /** The name of the class. */
  override readonly name = "CloudError";
  /** The HTTP status, when an answer came. */
  readonly status?: number;
  /**
   * The part of a switch that failed, where that is not its own request: a question that came `before`
   * it, or the `action` that it began.
   */
  readonly stage?: "before" | "action";

  /** Makes an error of these parts. */
  constructor(init: CloudErrorInit) {
    super(init);
    this.status = init.status;
    this.stage = init.stage;
  }
}

/** The parts of a reply besides its status and body, and the way to quote it. */
export interface ErrorContext {
  /** The target of a redirect, for the message. */
  readonly location?: string;
  /** Masks secrets in quoted text. */
  readonly clean: Clean;
}

/** The replies whose meaning does not depend on a body, since it may be of whoever stands before. */
const byStatus: Readonly<Record<number, { readonly code: string; readonly message: string }>> = {
  401: { code: "UNAUTHORIZED", message: "the token is wrong, or has expired" },
  407: { code: "PROXY_UNAUTHORIZED", message: "a proxy wants another login (status 407)" },
  429: { code: "rate_limit_exceeded", message: "too many requests (status 429)" },
  503: { code: "unavailable", message: "the Cloud is not available (status 503)" },
};

/** Whether a status tells the error whatever the body says, even where it is cut off. */
export function isTold(status: number): boolean {
  return Object.hasOwn(byStatus, status);
}

/**
 * Reads an answer that is not a success: `{"error": {"code", "message", …}}` (API.md, "Errors"). Never
 * throws: a body that is not the Cloud's gives an error of kind `unreadable`, but for the statuses
 * that need none.
 */
export function parseError(
  status: number,
  body: Uint8Array,
  { location, clean }: ErrorContext,
): CloudError {
  if (status >= 300 && status < 400) return redirect(status, quotedRedirect(location, clean));
  const { code: own, message, details } = errorIn(parseJson(body));
  const told = byStatus[status];
  // The Cloud's own code counts, and not the status; but a login that failed is never repeated.
  const isLogin = status === 401 || status === 407;
  const code = isLogin ? told.code : codeOf(own, clean) ?? told?.code;
  if (code === undefined) return unreadable(status, body, clean);
  const said = typeof message === "string" ? plainText(clean(message), 200) : "";
  const why = fieldsIn(details).map((text) => `; ${plainText(clean(text), 100)}`).join("");
  return new CloudError({
    kind: "refused",
    status,
    code: code === "unauthorized" ? "UNAUTHORIZED" : code,
    message: (said || told?.message || code.toLowerCase().replaceAll("_", " ")) + why,
  });
}

/**
 * The error of an action that has failed.
 *
 * @param error the action's field `error`, which may be anything
 */
export function actionError(error: unknown, clean: Clean): CloudError {
  const { code, message } = objectOf(error);
  const said = typeof message === "string" ? plainText(clean(message), 200) : "";
  return new CloudError({
    kind: "refused",
    stage: "action",
    code: codeOf(code, clean) ?? "action_failed",
    message: said || "the action has failed, and the Cloud does not say why",
  });
}

/** The error for an answer that is not the Cloud's; its message quotes the beginning. */
export function unreadable(status: number, body: Uint8Array, clean: Clean): CloudError {
  return new CloudError({
    kind: "unreadable",
    status,
    code: "UNREADABLE_REPLY",
    message: `the reply (status ${status}) is not the Cloud's` + quotedBody(body, clean),
  });
}

/** A failure of a question that comes before the request for a switch, which then was not sent. */
export function beforehand(error: MoveError): CloudError {
  const { kind, code, message, retryAfterMs } = error;
  const status = error instanceof CloudError ? error.status : undefined;
  return new CloudError({ kind, code, message, retryAfterMs, status, stage: "before" });
}

function errorIn(reply: unknown): Record<string, unknown> {
  return objectOf(objectOf(reply).error);
}

/** The mistakes in the fields of a request, from the details of `invalid_input`; at most four. */
function fieldsIn(details: unknown): string[] {
  const { fields } = objectOf(details);
  if (!Array.isArray(fields)) return [];
  return fields.slice(0, 4).map(objectOf).flatMap(({ name, messages }) => {
    const [first] = Array.isArray(messages) ? messages : [];
    return typeof name === "string" && typeof first === "string" ? [`${name} ${first}`] : [];
  });
}

/** A code of the Cloud's; undefined: it is none, or equals the secret. */
function codeOf(text: unknown, clean: Clean): string | undefined {
  if (typeof text !== "string" || !/^[a-z][a-z0-9_]{1,63}$/.test(text)) return undefined;
  return clean(text) === "***" ? undefined : text;
}

function redirect(status: number, quoted: string): CloudError {
  return new CloudError({
    kind: "unreadable",
    status,
    code: "REDIRECT",
    message: `${quoted} (status ${status}); it would carry the token elsewhere, so it is ` +
      "not followed",
  });
}
