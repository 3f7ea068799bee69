import type { Announcement } from "./announcement.ts";
import { DatagramError } from "./datagram_error.ts";
import type { Instant } from "./effects.ts";

// The most announcements of one second to accept from a uWSGI node, whose clock counts seconds.
// Changes are told at once, so a second may bring a few that are news, but never this many.
const perSecond = 16;

/** The memory of one sender. */
interface Sender {
  /** The newest `seq` heard; 0: the sender counts none. */
  readonly seq: number;
  /** The latest `unix` heard: the sender's clock may have been set back since. */
  readonly unix: number;
  /** The announcements of that second, as fingerprints, where the sender counts no `seq`. */
  readonly saidThen: readonly string[];
  /** The sender has said `dead`: its uuid will not be used again. */
  readonly dead: boolean;
  /**
   * When to forget the sender, monotonic: its old announcements are then too old by the clock
   * anyway; Infinity: it is a member.
   */
  readonly forgetMs: number;
}

/**
 * Keeps every announcement from counting twice, and late ones from counting at all: by `seq` where
 * there is one (LEASE.md, rule 8), else by `unix` (PROTOCOL.md, "Where it falls short", 7). Senders
 * that have left are remembered for as long as the skew tolerance would let their announcements in.
 */
export class Order {
  readonly #senders = new Map<string, Sender>();
  readonly #skewToleranceMs: number;
  #maxLeft: number;

  /**
   * Begins without any senders.
   *
   * @param options.skewToleranceMs how old an announcement may be by the clocks, in milliseconds
   * @param options.maxLeft how many senders that have left to remember at most; the newest count
   */
  constructor({ skewToleranceMs, maxLeft }: { skewToleranceMs: number; maxLeft: number }) {
    this.#skewToleranceMs = skewToleranceMs;
    this.#maxLeft = maxLeft;
  }

  /** Remembers at most so many senders that have left from now on. */
  reconfigure(maxLeft: number): void {
    this.#maxLeft = maxLeft;
  }

  /** How many senders are remembered. */
  get size(): number {
    return this.#senders.size;
  }

  /** Whether the sender of this announcement has left for good. */
  isDead({ uuid }: Pick<Announcement, "uuid">): boolean {
    return this.#senders.get(uuid)?.dead ?? false;
  }

  /** Whether the sender of this announcement counts its announcements, and so is none of uWSGI's. */
  counts({ uuid }: Announcement): boolean {
    return (this.#senders.get(uuid)?.seq ?? 0) > 0;
  }

  /**
   * Takes in an announcement, which must be newer than all before of its sender.
   *
   * @throws DatagramError `replayed`, when it is not; then nothing has changed
   */
  hear(said: Announcement): void {
    const { uuid, seq, unix, dead } = said;
    const known = this.#senders.get(uuid);
    const sameSecond = known !== undefined && known.seq === 0 && known.unix === unix;
    const saidThen = sameSecond ? known.saidThen : [];
    const print = seq === 0 ? fingerprint(said) : "";
    if (known?.dead) throw replayed("its sender has left");
    if (known !== undefined && seq <= known.seq && known.seq > 0) {
      throw replayed(`it is announcement ${seq} of its sender, ${known.seq} has been heard`);
    }
    if (known !== undefined && known.seq === 0 && unix < known.unix) {
      throw replayed(`it is ${known.unix - unix} s older than the newest of its sender`);
    }
    if (seq === 0 && (saidThen.includes(print) || saidThen.length >= perSecond)) {
      throw replayed("it has been heard before");
    }
    this.#senders.set(uuid, {
      seq,
      unix: Math.max(unix, known?.unix ?? 0),
      saidThen: seq === 0 ? [...saidThen, print] : [],
      dead,
      forgetMs: Infinity,
    });
  }

  /** Notes that a sender has left, or was silent for too long. */
  left(uuid: string, { monotonicMs, wallMs }: Instant): void {
    const known = this.#senders.get(uuid);
    if (known === undefined) return;
    const staleMs = known.unix * 1000 + this.#skewToleranceMs - wallMs;
    // A new entry goes last, so that the oldest are forgotten first.
    this.#senders.delete(uuid);
    this.#senders.set(uuid, { ...known, forgetMs: monotonicMs + Math.max(0, staleMs) + 1000 });
    this.#forget(monotonicMs);
  }

  /** Notes that a node has given up its uuid: announcements under it are refused from now on. */
  gaveUp({ uuid, seq }: { uuid: string; seq: number }, now: Instant): void {
    const unix = Math.floor(now.wallMs / 1000);
    this.#senders.set(uuid, { seq, unix, saidThen: [], dead: true, forgetMs: Infinity });
    this.left(uuid, now);
  }

  #forget(nowMs: number): void {
    const left = [...this.#senders].filter(([, { forgetMs }]) => forgetMs < Infinity);
    for (const [index, [uuid, { forgetMs }]] of left.entries()) {
      const tooMany = left.length - index > this.#maxLeft;
      if (tooMany || forgetMs <= nowMs) this.#senders.delete(uuid);
    }
  }
}

function fingerprint({ lord, checksum, lordValor, lordUuid, dead, scroll }: Announcement): string {
  return [lord, checksum, lordValor, lordUuid, dead, scroll].join(" ");
}

function replayed(why: string): DatagramError {
  return new DatagramError("replayed", why);
}
