import type { Announcement } from "./announcement.ts";
import { drift } from "./support.ts";

// Within one tolerance this many announcements are enough: echoes of older ones are not counted.
const maxSent = 1000;

/** The settings of a lease. */
export interface LeaseOptions {
  /** Supporters needed, this node counted in. */
  readonly quorum: number;
  /** The length of a lease before drift and release are taken off, in milliseconds. */
  readonly toleranceMs: number;
  /** How long before its end a lease must not be relied upon, in milliseconds; default 0. */
  readonly releaseMs?: number;
}

/** An announcement sent since this node supports itself. */
interface Sent {
  readonly seq: number;
  /** The time until which an echo of this announcement counts, monotonic. */
  readonly untilMs: number;
  /** How many supporters echoed this announcement last. */
  echoes: number;
}

/**
 * The support this node has, and until when it may therefore be lord (LEASE.md, rule 5). Support
 * counts only while this node supports itself.
 */
export class Lease {
  #quorum: number;
  #lengthMs: number;
  /** The oldest first. */
  #sent: Sent[] = [];
  /**
   * The last echo of each supporter, by source address: a process that takes another uuid is no
   * second supporter.
   */
  readonly #anchors = new Map<string, { readonly uuid: string; readonly sent: Sent }>();

  /** Begins without any support. */
  constructor(options: LeaseOptions) {
    this.#quorum = options.quorum;
    this.#lengthMs = lengthMs(options);
  }

  /** Goes by other settings: the quorum at once, the lengths for announcements from now on. */
  reconfigure(options: LeaseOptions): void {
    this.#quorum = options.quorum;
    this.#lengthMs = lengthMs(options);
  }

  /** Begins when this node begins to support itself: echoes of earlier announcements are void. */
  begin(): void {
    this.#sent = [];
    this.#anchors.clear();
  }

  /** Notes that this node has announced itself with this `seq`. */
  sent(seq: number, nowMs: number): void {
    this.#sent.push({ seq, untilMs: nowMs + this.#lengthMs, echoes: 0 });
    while (this.#sent.length > maxSent || this.#sent[0]?.untilMs <= nowMs) this.#sent.shift();
  }

  /** Takes in the support that a member announces, heard at `from` (`host:port`). */
  hear({ uuid, support }: Announcement, from: string, ownUuid: string): void {
    if (support?.uuid !== ownUuid) return this.left(uuid);
    const sent = this.#sent.findLast(({ seq }) => seq === support.seq);
    if (sent === undefined) return;
    // A uuid heard from two addresses is still one supporter: source addresses can be forged.
    if (this.#anchors.get(from)?.uuid !== uuid) this.left(uuid);
    const before = this.#anchors.get(from);
    if (before !== undefined) before.sent.echoes--;
    sent.echoes++;
    this.#anchors.set(from, { uuid, sent });
  }

  /** Forgets the support of a member that is gone, or supports another. */
  left(uuid: string): void {
    for (const [from, anchor] of this.#anchors) {
      if (anchor.uuid !== uuid) continue;
      anchor.sent.echoes--;
      this.#anchors.delete(from);
    }
  }

  /**
   * When the release has to begin, monotonic; Infinity: no other node's support is needed;
   * -Infinity: too few support this node.
   */
  get endsMs(): number {
    // This node's own anchor is always the present moment.
    const others = this.#quorum - 1;
    if (others <= 0) return Infinity;
    let supporters = 0;
    // Newer announcements may end sooner than older ones, where the tolerance has been shortened.
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
