/**
 * The ways in which a request can fail that a caller must tell apart:
 *
 * - `refused`: the provider answered with an error of its own; `code` is the provider's. Or a proxy
 *   refuses the login
 * - `unreadable`: the answer is not the provider's: no HTTP or JSON, fields missing, a redirect
 * - `lost`: the request was sent and no whole answer came; the switch may have happened
 * - `unsent`: there was no connection; nothing was sent
 * - `untrusted`: the certificate does not verify, or `ca` cannot be used; nothing was sent
 */
export type MoveErrorKind = "refused" | "unreadable" | "lost" | "unsent" | "untrusted";

/**
 * The codes of a failed login: the provider refuses it (`UNAUTHORIZED`); a reply that may be that,
 * or a block of this machine's address (`LOGIN_OR_BLOCK`); a proxy refuses it
 * (`PROXY_UNAUTHORIZED`).
 */
export const loginCodes = ["UNAUTHORIZED", "LOGIN_OR_BLOCK", "PROXY_UNAUTHORIZED"] as const;

/** Whether a code is one of {@link loginCodes}: a second request may block this machine. */
export function isLoginFailure(code: string): boolean {
  return loginCodes.some((one) => one === code);
}

/** The parts of a {@link MoveError}. */
export interface MoveErrorInit {
  /** See {@link MoveError.kind}. */
  readonly kind: MoveErrorKind;
  /** See {@link MoveError.code}. */
  readonly code: string;
  /** The reason in words. */
  readonly message: string;
  /** See {@link MoveError.retryAfterMs}. */
  readonly retryAfterMs?: number;
}

/**
 * The failure of a request to a provider. The message and the fields hold no secret and no control
 * character, and are bounded in length.
 */
export class MoveError extends Error {
  /** The name of the class. */
  override readonly name: string = "MoveError";
  /** The way in which the request failed. */
  readonly kind: MoveErrorKind;
  /**
   * The provider's own code, the system's (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), or one of ours:
   * `TIMEOUT`, `UNREADABLE_REPLY`, `CA_UNUSABLE`. A login that failed has one of {@link loginCodes}
   * at every provider.
   */
  readonly code: string;
  /** The time for which no request of this kind is allowed, in milliseconds. */
  readonly retryAfterMs?: number;

  /** Makes an error of these parts. */
  constructor({ kind, code, message, retryAfterMs }: MoveErrorInit) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
