/** A moment as a member and this node tell it. */
interface Look {
  /** The member's wall clock, in seconds. */
  readonly unix: number;
  /** This node's monotonic clock, in milliseconds. */
  readonly monotonicMs: number;
}

/** The looks at one member's clock. */
interface Looks {
  readonly first: Look;
  readonly last: Look;
  /** The pace over the span before this one, in percent. */
  readonly before: number;
}

// A span must last this long before its pace is told, and ends after the longest, in milliseconds.
const shortestMs = 120_000;
const longestMs = 600_000;

// Announcements tell whole seconds, and may be late by a little, in milliseconds.
const inexactMs = 1_500;

// A clock that is off by so much more than at the last announcement was set, in milliseconds.
const setMs = 2_000;

// As many as a legion may have members (`legion-max-members`).
const mostFollowed = 1_000;

/**
 * The pace of the members' clocks beside this node's: a lease holds only while all clocks run at
 * nearly the same pace (LEASE.md, rule 5), whatever time they show. The pace is taken over spans of
 * minutes; a clock that is set begins a new span.
 */
export class ClockPace {
  readonly #members = new Map<string, Looks>();

  /**
   * Takes note of an announcement.
   *
   * @param uuid the member's uuid
   * @param unix the member's wall clock when it sent the announcement, in seconds
   * @param monotonicMs when the announcement came
   */
  hear(uuid: string, unix: number, monotonicMs: number): void {
    const last = { unix, monotonicMs };
    const known = this.#members.get(uuid);
    if (known === undefined) {
      // Nodes that are gone are forgotten only when somebody asks.
      if (this.#members.size >= mostFollowed) this.#members.clear();
      this.#members.set(uuid, { first: last, last, before: 0 });
      return;
    }
    const { first, before } = known;
    if (Math.abs(aheadMs(known.last, last)) > setMs) {
      this.#members.set(uuid, { first: last, last, before: 0 });
    } else if (monotonicMs - first.monotonicMs < longestMs) {
      this.#members.set(uuid, { first, last, before });
    } else {
      this.#members.set(uuid, { first: last, last, before: percent(first, last) });
    }
  }

  /**
   * By how many percent at least a member's clock runs faster than this node's; negative: slower;
   * 0: not faster or slower than can be told, or not heard for long enough.
   */
  of(uuid: string): number {
    const known = this.#members.get(uuid);
    if (known === undefined) return 0;
    const { first, last, before } = known;
    return last.monotonicMs - first.monotonicMs < shortestMs ? before : percent(first, last);
  }

  /** Forgets all members but these. */
  keepOnly(uuids: ReadonlySet<string>): void {
    for (const uuid of this.#members.keys()) if (!uuids.has(uuid)) this.#members.delete(uuid);
  }
}

/** How much further the member's clock has gone than this node's, in milliseconds. */
function aheadMs(from: Look, to: Look): number {
  return (to.unix - from.unix) * 1000 - (to.monotonicMs - from.monotonicMs);
}

function percent(from: Look, to: Look): number {
  const ahead = aheadMs(from, to);
  const atLeastMs = Math.max(0, Math.abs(ahead) - inexactMs);
  const rounded = Math.round(1000 * atLeastMs / (to.monotonicMs - from.monotonicMs)) / 10;
  return ahead < 0 && rounded > 0 ? -rounded : rounded;
}
