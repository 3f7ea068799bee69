import type { Announcement, Echo } from "./announcement.ts";
import type { Ballot } from "./ballot.ts";
import type { Instant } from "./effects.ts";
import type { Voter } from "./election.ts";
import type { Lordship } from "./lordship.ts";
import type { Membership } from "./membership.ts";
import type { LegionOptions } from "./options.ts";
import { farewellCount, type News, Pace } from "./pace.ts";

/** The state that a node speaks of. */
export interface SpeakerContext {
  /** All other nodes that are heard. */
  readonly members: Membership;
  /** This node's lordship. */
  readonly lordship: Lordship;
  /** This node's vote and support. */
  readonly ballot: Ballot;
}

type SpeakerOptions = Pick<LegionOptions, "legion" | "pid" | "scroll" | "freqMs">;

/** Makes the announcements of a node, and says when. */
export class Speaker {
  #options: SpeakerOptions;
  readonly #context: SpeakerContext;
  readonly #pace: Pace;
  #self: Voter;
  /** The identity that the node had until now, and how often that still says farewell. */
  #past?: { readonly voter: Voter; readonly farewells: number };
  #seq = 0;

  /** Silent until {@link Speaker.begin}. */
  constructor(self: Voter, options: SpeakerOptions, context: SpeakerContext) {
    this.#self = self;
    this.#options = options;
    this.#context = context;
    this.#pace = new Pace(options.freqMs);
  }

  /** Goes by other options from now on. */
  reconfigure(options: SpeakerOptions): void {
    this.#options = options;
    this.#pace.reconfigure(options.freqMs);
  }

  /** The `seq` of the last announcement; 0: none yet. */
  get seq(): number {
    return this.#seq;
  }

  /** Whether nothing is announced, so that peers do not count on this node. */
  get silent(): boolean {
    return this.#pace.silent;
  }

  /** Announces from now on. */
  begin(): void {
    this.#pace.begin();
  }

  /** Says the farewells, and then falls silent. */
  part(): void {
    this.#past = undefined;
    if (!this.#pace.silent) this.#pace.part();
  }

  /**
   * Speaks under another identity from now on.
   *
   * @param options.parting whether the former identity says farewell meanwhile
   */
  renew(self: Voter, { parting }: { parting: boolean }): void {
    this.#past = parting ? { voter: this.#self, farewells: farewellCount } : undefined;
    this.#self = self;
  }

  /** When the next announcement is due, monotonic. */
  dueMs(): number {
    return this.#pace.dueMs(this.#news());
  }

  /** The announcements due now: this node's own first. */
  speak(now: Instant): Announcement[] {
    if (now.monotonicMs < this.dueMs()) return [];
    const own = this.#announcement(now);
    const farewell = this.#farewell(own);
    this.#pace.announced(this.#news(), now.monotonicMs);
    return farewell === undefined ? [own] : [own, farewell];
  }

  /** A farewell of the node's former identity, if one is still due. */
  #farewell(own: Announcement): Announcement | undefined {
    if (this.#past === undefined) return undefined;
    const { voter, farewells } = this.#past;
    this.#past = farewells > 1 ? { voter, farewells: farewells - 1 } : undefined;
    return { ...own, ...voter, seq: ++this.#seq, lord: 0, claim: false, dead: true };
  }

  /**
   * The state as news: the number of members is part of it, since a newcomer has not heard of this
   * node yet.
   */
  #news(): News {
    const { ballot: { checksum, candidate, support }, lordship, members } = this.#context;
    const { state, since } = lordship;
    const vote = `${checksum} ${candidate?.uuid} ${support?.uuid}`;
    const text = `${vote} ${state} ${since} ${members.size} ${this.#past?.farewells}`;
    return { text, echo: support?.uuid === this.#self.uuid ? undefined : support?.seq };
  }

  #announcement(now: Instant): Announcement {
    const { legion, pid, scroll } = this.#options;
    const { lordship, ballot } = this.#context;
    const seq = ++this.#seq;
    return {
      legion,
      ...this.#self,
      unix: Math.floor(now.wallMs / 1000),
      lord: lordship.since,
      pid,
      ...ballot.vote,
      scroll,
      dead: this.#pace.parting,
      seq,
      support: this.#support(seq),
      claim: lordship.state === "taking over",
    };
  }

  /**
   * The support to announce: a node that supports itself echoes its newest announcement, this one.
   */
  #support(seq: number): Echo | undefined {
    const { support } = this.#context.ballot;
    return support?.uuid === this.#self.uuid ? { uuid: support.uuid, seq } : support;
  }
}
