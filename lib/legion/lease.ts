import type { Announcement } from "./announcement.ts";
import { nthNewest } from "./newest.ts";
import { drift } from "./support.ts";

// Of more announcements within one tolerance the oldest are of no use: their echoes count for nothing.
const maxSent = 1000;

/** What a lease depends on. */
export interface LeaseOptions {
  /** Supporters needed, this node counted in. */
  readonly quorum: number;
  readonly toleranceMs: number;
  /** How long before its end it must not be relied upon. */
  readonly releaseMs?: number;
}

/**
 * Who supports this node, and until when it may therefore be lord (lease, rule 4). It counts only
 * while this node supports itself.
 */
export class Lease {
  #quorum: number;
  #lengthMs: number;
  /** Until when each announcement since this node supports itself is a claim, by its `seq`. */
  readonly #sent = new Map<number, number>();
  /**
   * The same of the announcement that each supporter last echoed, by where the supporter is: a
   * process that takes another uuid is no second supporter.
   */
  readonly #anchors = new Map<string, { readonly uuid: string; readonly untilMs: number }>();

  constructor(options: LeaseOptions) {
    this.#quorum = options.quorum;
    this.#lengthMs = lengthMs(options);
  }

  /** The quorum counts at once; the rest for what is sent from now on. */
  reconfigure(options: LeaseOptions): void {
    this.#quorum = options.quorum;
    this.#lengthMs = lengthMs(options);
  }

  /** This node begins to support itself: whatever was echoed before is void. */
  begin(): void {
    this.#sent.clear();
    this.#anchors.clear();
  }

  /** This node has announced itself, and supports itself in it. */
  sent(seq: number, nowMs: number): void {
    this.#sent.set(seq, nowMs + this.#lengthMs);
    for (const [old, untilMs] of this.#sent) {
      if (untilMs > nowMs && this.#sent.size <= maxSent) break;
      this.#sent.delete(old);
    }
  }

  /** A member tells whom it supports. */
  hear({ uuid, support }: Announcement, from: string, ownUuid: string): void {
    if (support?.uuid !== ownUuid) return this.left(uuid);
    const untilMs = this.#sent.get(support.seq);
    if (untilMs !== undefined) this.#anchors.set(from, { uuid, untilMs });
  }

  /** A member is gone, or supports another. */
  left(uuid: string): void {
    for (const [from, anchor] of this.#anchors) {
      if (anchor.uuid === uuid) this.#anchors.delete(from);
    }
  }

  /** When the release has to begin, monotonic; Infinity when no other node's support is needed. */
  get endsMs(): number {
    // This node's own anchor is always the present moment.
    const others = this.#quorum - 1;
    if (others <= 0) return Infinity;
    return nthNewest([...this.#anchors.values()].map(({ untilMs }) => untilMs), others);
  }
}

function lengthMs({ toleranceMs, releaseMs = 0 }: LeaseOptions): number {
  return toleranceMs * (1 - drift) - releaseMs;
}
