/**
 * Why a datagram is dropped (PROTOCOL.md, "Life of a node"):
 *
 * - `short`: shorter than a header
 * - `long`: longer than any announcement with a scroll of `legion-scroll-max-size`
 * - `modifier`: modifier1 is not 109
 * - `undecipherable`: it does not decrypt: another secret, IV or cipher
 * - `size`: its clear length is not the one in the header
 * - `malformed`: its pairs do not parse, or a field is missing or no such field
 * - `legion`: it is another legion's
 * - `forged`: its `mac` is missing or wrong: another secret of `legion-auth`, or somebody made it up
 * - `stale`, `future`: its sender's clock is further behind or ahead than the skew tolerance allows
 * - `replayed`: it is late or doubled, or its sender has left
 * - `unleased`: its sender counts no `seq`, and `legion-lease` is `on`
 * - `crowded`: there are already as many members as there may be
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
  | "crowded";

/** A datagram that must be dropped. It never holds the datagram's content. */
export class DatagramError extends Error {
  override readonly name = "DatagramError";

  constructor(readonly reason: DropReason, message: string) {
    super(message);
  }
}
