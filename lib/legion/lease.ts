import type { Announcement } from "./announcement.ts";
import { nthNewest } from "./newest.ts";
import { drift } from "./support.ts";

// Of more announcements within one tolerance the oldest are of no use: their echoes count for nothing.
const maxSent = 1000;

/**
 * Who supports this node, and until when it may therefore be lord (lease, rule 4). It counts only
 * while this node supports itself.
 */
export class Lease {
  readonly #quorum: number;
  readonly #lengthMs: number;
  /** When each announcement was sent since this node supports itself, by its `seq`. */
  readonly #sent = new Map<number, number>();
  /**
   * Who supports this node, and when the announcement was sent that it last echoed, by where the
   * supporter is: a process that takes another uuid is no second supporter.
   */
  readonly #anchors = new Map<string, { readonly uuid: string; readonly sentMs: number }>();

  /** @param options.quorum supporters needed, this node counted in */
  constructor({ quorum, toleranceMs }: { quorum: number; toleranceMs: number }) {
    this.#quorum = quorum;
    this.#lengthMs = toleranceMs * (1 - drift);
  }

  /** This node begins to support itself: whatever was echoed before is void. */
  begin(): void {
    this.#sent.clear();
    this.#anchors.clear();
  }

  /** This node has announced itself, and supports itself in it. */
  sent(seq: number, nowMs: number): void {
    this.#sent.set(seq, nowMs);
    for (const [old, sentMs] of this.#sent) {
      if (sentMs + this.#lengthMs > nowMs && this.#sent.size <= maxSent) break;
      this.#sent.delete(old);
    }
  }

  /** A member tells whom it supports. */
  hear({ uuid, support }: Announcement, from: string, ownUuid: string): void {
    if (support?.uuid !== ownUuid) return this.left(uuid);
    const sentMs = this.#sent.get(support.seq);
    if (sentMs !== undefined) this.#anchors.set(from, { uuid, sentMs });
  }

  /** A member is gone, or supports another. */
  left(uuid: string): void {
    for (const [from, anchor] of this.#anchors) {
      if (anchor.uuid === uuid) this.#anchors.delete(from);
    }
  }

  /** When the lease ends, monotonic; Infinity when no other node's support is needed. */
  get endsMs(): number {
    // This node's own anchor is always the present moment.
    const others = this.#quorum - 1;
    if (others <= 0) return Infinity;
    const sentMs = [...this.#anchors.values()].map((anchor) => anchor.sentMs);
    return nthNewest(sentMs, others) + this.#lengthMs;
  }
}
