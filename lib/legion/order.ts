import type { Announcement } from "./announcement.ts";
import { DatagramError } from "./datagram_error.ts";
import type { Instant } from "./effects.ts";

// A uWSGI node tells a change at once, and its clock counts seconds: a few announcements of one
// second are news, and of more than that none is missed.
const perSecond = 16;

/** What is remembered of a sender. */
interface Sender {
  /** The newest that was heard of it. */
  readonly seq: number;
  /** The latest it ever said: its clock may have been set back since. */
  readonly unix: number;
  /** What it said in that second, where it counts no `seq`. */
  readonly saidThen: readonly string[];
  /** It has said `dead`: its uuid will not be used again. */
  readonly dead: boolean;
  /** When the clock alone keeps its old announcements out, monotonic; Infinity: it is a member. */
  readonly forgetMs: number;
}

/**
 * Keeps every announcement from counting twice, and late ones from counting at all: by `seq` where
 * there is one (LEASE.md, rule 8), else by `unix` (PROTOCOL.md, "Where it falls short", 7). Of
 * senders that have left it remembers what is needed for as long as the skew tolerance would let
 * their announcements in.
 */
export class Order {
  readonly #senders = new Map<string, Sender>();
  readonly #skewToleranceMs: number;
  #maxLeft: number;

  /** @param maxLeft of how many senders that have left to know at most; the newest count */
  constructor({ skewToleranceMs, maxLeft }: { skewToleranceMs: number; maxLeft: number }) {
    this.#skewToleranceMs = skewToleranceMs;
    this.#maxLeft = maxLeft;
  }

  /** Knows so many senders that have left from now on. */
  reconfigure(maxLeft: number): void {
    this.#maxLeft = maxLeft;
  }

  /** How many senders are remembered. */
  get size(): number {
    return this.#senders.size;
  }

  /** The sender of this announcement has left for good. */
  isDead({ uuid }: Announcement): boolean {
    return this.#senders.get(uuid)?.dead ?? false;
  }

  /**
   * Takes in an announcement that is newer than all before of its sender.
   *
   * @throws DatagramError `replayed`, and then nothing has changed
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

  /** A sender has left, or was silent for too long. */
  left(uuid: string, { monotonicMs, wallMs }: Instant): void {
    const known = this.#senders.get(uuid);
    if (known === undefined) return;
    const staleMs = known.unix * 1000 + this.#skewToleranceMs - wallMs;
    // Last of all, so that the oldest go first.
    this.#senders.delete(uuid);
    this.#senders.set(uuid, { ...known, forgetMs: monotonicMs + Math.max(0, staleMs) + 1000 });
    this.#forget(monotonicMs);
  }

  /** This node gives up its own uuid: what it said under it comes from nobody any more. */
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
