import type { Announcement } from "./announcement.ts";
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

/** An announcement since this node supports itself. */
interface Sent {
  readonly seq: number;
  /** Until when an echo of it counts, monotonic. */
  readonly untilMs: number;
  /** How many supporters echoed it last. */
  echoes: number;
}

/**
 * Who supports this node, and until when it may therefore be lord (LEASE.md, rule 5). It counts
 * only while this node supports itself.
 */
export class Lease {
  #quorum: number;
  #lengthMs: number;
  /** The oldest first. */
  #sent: Sent[] = [];
  /**
   * What each supporter last echoed, by where the supporter is: a process that takes another uuid
   * is no second supporter.
   */
  readonly #anchors = new Map<string, { readonly uuid: string; readonly sent: Sent }>();

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
    this.#sent = [];
    this.#anchors.clear();
  }

  /** This node has announced itself, and supports itself in it. */
  sent(seq: number, nowMs: number): void {
    this.#sent.push({ seq, untilMs: nowMs + this.#lengthMs, echoes: 0 });
    while (this.#sent.length > maxSent || this.#sent[0]?.untilMs <= nowMs) this.#sent.shift();
  }

  /** A member tells whom it supports. */
  hear({ uuid, support }: Announcement, from: string, ownUuid: string): void {
    if (support?.uuid !== ownUuid) return this.left(uuid);
    const sent = this.#sent.findLast(({ seq }) => seq === support.seq);
    if (sent === undefined) return;
    // Nor is it one for being heard from somewhere else: where from is for anybody on the way to say.
    if (this.#anchors.get(from)?.uuid !== uuid) this.left(uuid);
    const before = this.#anchors.get(from);
    if (before !== undefined) before.sent.echoes--;
    sent.echoes++;
    this.#anchors.set(from, { uuid, sent });
  }

  /** A member is gone, or supports another. */
  left(uuid: string): void {
    for (const [from, anchor] of this.#anchors) {
      if (anchor.uuid !== uuid) continue;
      anchor.sent.echoes--;
      this.#anchors.delete(from);
    }
  }

  /** When the release has to begin, monotonic; Infinity when no other node's support is needed. */
  get endsMs(): number {
    // This node's own anchor is always the present moment.
    const others = this.#quorum - 1;
    if (others <= 0) return Infinity;
    let supporters = 0;
    // Newer ones may end sooner, where the tolerance has been shortened.
    let endsMs = Infinity;
    for (const { echoes, untilMs } of this.#sent.toReversed()) {
      supporters += echoes;
      endsMs = Math.min(endsMs, untilMs);
      if (supporters >= others) return endsMs;
    }
    return -Infinity;
  }
}

function lengthMs({ toleranceMs, releaseMs = 0 }: LeaseOptions): number {
  return toleranceMs * (1 - drift) - releaseMs;
}
