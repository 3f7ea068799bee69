/**
 * Why a datagram is dropped (legion-protocol, "Life of a node"):
 *
 * - `short`: shorter than a header
 * - `modifier`: modifier1 is not 109
 * - `undecipherable`: it does not decrypt: another secret, IV or cipher
 * - `size`: its clear length is not the one in the header
 * - `malformed`: its pairs do not parse, or a field is missing or no such field
 * - `legion`: it is another legion's
 * - `stale`: its sender's clock is further behind than the skew tolerance allows
 * - `crowded`: there are already as many members as there may be
 */
export type DropReason =
  | "short"
  | "modifier"
  | "undecipherable"
  | "size"
  | "malformed"
  | "legion"
  | "stale"
  | "crowded";

/** A datagram that must be dropped. It never holds the datagram's content. */
export class DatagramError extends Error {
  override readonly name = "DatagramError";

  constructor(readonly reason: DropReason, message: string) {
    super(message);
  }
}
