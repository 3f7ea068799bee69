/**
 * What a caller must tell apart of a request that failed:
 *
 * - `refused`: the provider answered with an error of its own; `code` is the provider's
 * - `unreadable`: an answer came that is none of the provider's: no JSON, fields missing, a redirect
 * - `lost`: the request was sent and no whole answer came; what it asked for may have happened
 * - `unsent`: there was no connection; nothing was sent
 * - `untrusted`: the certificate does not verify, or `ca` cannot be used; nothing was sent
 */
export type MoveErrorKind = "refused" | "unreadable" | "lost" | "unsent" | "untrusted";

/** The parts of a {@link MoveError}. */
export interface MoveErrorInit {
  readonly kind: MoveErrorKind;
  readonly code: string;
  readonly message: string;
  readonly retryAfterMs?: number;
}

/**
 * A request to a provider that did not get what it asked for. Neither its message nor its fields
 * hold a secret or a control character, and all of them are bounded.
 */
export class MoveError extends Error {
  override readonly name: string = "MoveError";
  readonly kind: MoveErrorKind;
  /**
   * The provider's own code, the system's (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), or one of ours:
   * `TIMEOUT`, `UNREADABLE_REPLY`, `CA_UNUSABLE`. A login that failed has the code `UNAUTHORIZED`,
   * whoever the provider is.
   */
  readonly code: string;
  /** No request of this sort is allowed before so many milliseconds have passed. */
  readonly retryAfterMs?: number;

  constructor({ kind, code, message, retryAfterMs }: MoveErrorInit) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
