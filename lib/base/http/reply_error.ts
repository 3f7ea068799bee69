/**
 * The most bytes a reply may take where nothing else is said, from the first status line to the last
 * trailer. A provider's reply takes some hundred bytes.
 */
export const maxReplyBytes = 128 * 1024;

/**
 * The ways in which a reply can be none:
 *
 * - `cut`: the connection ended before it
 * - `too long`: it takes more than {@link maxReplyBytes}, or than the request allows
 * - `malformed`: it is not HTTP/1
 * - `switched`: the server goes on with another protocol
 */
export type ReplyErrorKind = "cut" | "too long" | "malformed" | "switched";

/** Thrown for a reply that is none; the message says why, and holds nothing of the reply. */
export class ReplyError extends Error {
  /** Always `ReplyError`. */
  override readonly name = "ReplyError";
  /** The way in which the reply is none. */
  readonly kind: ReplyErrorKind;

  /** Makes an error of its parts. */
  constructor(kind: ReplyErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
