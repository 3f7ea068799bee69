import { type Announcement, type Echo, maxBindsMs } from "./announcement.ts";
import type { NotedPromise } from "./notes.ts";

/** How far apart two clocks may run in a tolerance (LEASE.md, "Rules"). */
export const drift = 0.05;

/** A node that may be promised a vote, and the newest announcement heard from it. */
export interface Promisable extends Echo {
  /** When that announcement came, monotonic. */
  readonly heardMs: number;
}

/** A support, as it is announced. */
export interface Support extends Echo {
  /** How long the support binds from when `seq` was heard, in milliseconds (LEASE.md, rule 4). */
  readonly binds: number;
}

/**
 * The vote that this node promises: to one node at a time, for as long as that node may hold a
 * lease on it, and at first to nobody, since an earlier promise of this node may still hold
 * (LEASE.md, rules 3, 4 and 12).
 */
export class VotePromise {
  #toleranceMs: number;
  /** The time until which nobody is promised anything, monotonic. */
  #listensUntilMs = Infinity;
  #to?: Support;
  /** The time until which the promise holds unless renewed, monotonic. */
  #endsMs = Infinity;
  /**
   * The promise was given by the last process, and has not been renewed since: announcements of its
   * holder that come late cannot be told from new ones.
   */
  #isRemembered = false;

  /**
   * Promises nothing before {@link VotePromise.listen} or {@link VotePromise.begin}.
   *
   * @param toleranceMs how long a promise binds, in milliseconds
   */
  constructor(toleranceMs: number) {
    this.#toleranceMs = bindsOf(toleranceMs);
  }

  /** Makes promises bind for so long from now on. One that has been given is never shortened. */
  reconfigure(toleranceMs: number): void {
    this.#toleranceMs = bindsOf(toleranceMs);
  }

  /**
   * Promises nothing for a time: this process cannot know what an earlier one has promised.
   *
   * @param options.bindsMs the longest time that such a promise may bind, if longer than a tolerance
   * @param options.quietMs the time before that moment in which none was given, in milliseconds
   */
  listen(sinceMs: number, { bindsMs = 0, quietMs = 0 } = {}): void {
    const longestMs = Math.max(this.#toleranceMs, bindsMs);
    this.#listensUntilMs = sinceMs + Math.max(0, longestMs * (1 + drift) - quietMs);
  }

  /** Goes on with the promise that the last process gave; undefined: it gave none (rule 12). */
  remember(promise: NotedPromise | undefined): void {
    if (promise === undefined) return;
    const { uuid, seq, binds, untilMs } = promise;
    this.#to = { uuid, seq, binds };
    this.#endsMs = untilMs;
    this.#isRemembered = true;
  }

  /** Begins at once, where no earlier promise can matter. */
  begin(nowMs: number): void {
    this.#listensUntilMs = nowMs;
  }

  /** When the first promise may be given, monotonic. */
  get listensUntilMs(): number {
    return this.#listensUntilMs;
  }

  /** The node that has this node's promise, as it is announced; undefined: none. */
  get to(): Support | undefined {
    return this.#to;
  }

  /** The promise as it is to be noted: it binds for as long as any that was given still does. */
  noted(nowMs: number): NotedPromise | undefined {
    if (this.#to === undefined) return undefined;
    const leftMs = this.#endsMs < Infinity ? Math.ceil(this.#endsMs - nowMs) : 0;
    return { ...this.#to, binds: Math.max(this.#to.binds, leftMs), untilMs: this.#endsMs };
  }

  /** When the promise runs out unless renewed, monotonic; Infinity: there is none. */
  get endsMs(): number {
    return this.#to === undefined ? Infinity : this.#endsMs;
  }

  /**
   * Renews or ends the promise, by what its holder said (LEASE.md, rules 3 and 4).
   *
   * @param options.isCandidate whether this node would choose the holder now
   * @param options.renews whether the promise can be renewed: the holder and this node are voters
   */
  hear(
    said: Announcement,
    nowMs: number,
    { isCandidate, renews }: { isCandidate: boolean; renews: boolean },
  ): void {
    const { uuid, seq, dead, support, was } = said;
    const holder = this.#to?.uuid;
    if (holder === undefined) return;
    if (was === holder) return this.drop();
    if (uuid !== holder) return;
    const claims = said.claim || said.lord > 0;
    const supportsItself = support?.uuid === uuid;
    if (dead) return this.drop();
    // An announcement from before the one that the last process heard must not free the promise.
    if (!claims && !supportsItself && !this.#isRemembered) return this.drop();
    if (renews && supportsItself && (claims || isCandidate) && seq > this.#to!.seq) {
      this.#give({ uuid, seq, heardMs: nowMs });
    }
  }

  /** Promises the vote to a node, unless another has the promise (LEASE.md, rule 3). */
  choose(candidate: Promisable | undefined, nowMs: number): void {
    if (nowMs < this.#listensUntilMs) return;
    if (nowMs >= this.endsMs) this.drop();
    if (this.#to === undefined && candidate !== undefined) this.#give(candidate);
  }

  /** Ends the promise. */
  drop(): void {
    this.#to = undefined;
    this.#endsMs = -Infinity;
    this.#isRemembered = false;
  }

  #give({ uuid, seq, heardMs }: Promisable): void {
    const endsMs = heardMs + this.#toleranceMs;
    this.#endsMs = this.#to === undefined ? endsMs : Math.max(this.#endsMs, endsMs);
    this.#to = { uuid, seq, binds: this.#toleranceMs };
    this.#isRemembered = false;
  }
}

/** The length of a promise as it is announced: in whole milliseconds, and no longer than allowed. */
function bindsOf(toleranceMs: number): number {
  return Math.min(Math.floor(toleranceMs), maxBindsMs);
}
