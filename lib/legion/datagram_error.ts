/**
 * The reasons for which a datagram is dropped (PROTOCOL.md, "Life of a node"):
 *
 * - `short`: shorter than a header
 * - `long`: longer than any announcement with a scroll of `legion-scroll-max-size`
 * - `modifier`: modifier1 is not 109
 * - `undecipherable`: encrypted with another secret, IV or cipher
 * - `size`: the clear length is not the one in the header
 * - `malformed`: the pairs do not parse, or a field is missing or has no valid value
 * - `legion`: meant for another legion
 * - `forged`: the `mac` is missing or wrong: another secret of `legion-auth`, or a forgery
 * - `stale`, `future`: the sender's clock is further behind or ahead than the skew tolerance allows
 * - `replayed`: late, doubled, or from a sender that has left
 * - `unleased`: the sender counts no `seq`, and `legion-lease` is `on`
 * - `identity`: the sender says that it was another node, or that it is or was this one
 * - `crowded`: the legion has as many members as allowed already
 */
export type DropReason =
  | "short"
  | "long"
  | "modifier"
  | "undecipherable"
  | "size"
  | "malformed"
  | "legion"
  | "forged"
  | "stale"
  | "future"
  | "replayed"
  | "unleased"
  | "identity"
  | "crowded";

/** Thrown where a datagram must be dropped. The error never holds the datagram's content. */
export class DatagramError extends Error {
  /** Always `DatagramError`. */
  override readonly name = "DatagramError";

  /**
   * Names the reason, and explains it.
   *
   * @param reason for the counters
   * @param message for the log
   * @param aheadSeconds how far the sender's clock is ahead of this node's, in seconds; undefined:
   * not known
   */
  constructor(readonly reason: DropReason, message: string, readonly aheadSeconds?: number) {
    super(message);
  }
}
