import type { Meaning } from "../move/meaning.ts";
import { isLoginFailure, MoveError, type MoveErrorInit } from "../move/move_error.ts";

/** The parts of an {@link ApiError}. */
export interface ApiErrorInit extends MoveErrorInit {
  /** See {@link ApiError.meaning}. */
  readonly meaning: Meaning;
}

/**
 * The failure of a request to an HTTP API. `code` is one of ours: `UNAUTHORIZED`,
 * `PROXY_UNAUTHORIZED`, `ALREADY`, `BUSY`, `COOLDOWN`, `POLL_FAILED`, `NO_FIELD`, `NO_JSON`,
 * `REDIRECT`, `NOT_VERIFIED`, `NO_RELEASE`, `NO_TOKEN`, or `HTTP_` and the status.
 */
export class ApiError extends MoveError {
  /** The name of the class. */
  override readonly name = "ApiError";
  /** The meaning for a takeover. */
  readonly meaning: Meaning;

  /** Makes an error of these parts. */
  constructor(init: ApiErrorInit) {
    super(init);
    this.meaning = init.meaning;
  }
}

/** The meaning of an error for a takeover. */
export function meaningOf(error: MoveError): Meaning {
  if (error instanceof ApiError) return error.meaning;
  if (error.kind === "unsent") return "unsent";
  return error.kind === "untrusted" || isLoginFailure(error.code) ? "refused" : "unknown";
}
