import type { Announcement } from "./announcement.ts";
import type { Ballot } from "./ballot.ts";
import type { Beginning } from "./beginning.ts";
import type { Instant } from "./effects.ts";
import type { Voter } from "./election.ts";
import type { Lordship } from "./lordship.ts";
import type { Membership } from "./membership.ts";
import type { LegionOptions } from "./options.ts";
import type { Outlook } from "./outlook.ts";
import { farewellCount, type News, Pace } from "./pace.ts";

/** The state that a node speaks of. */
export interface SpeakerContext {
  /** All other nodes that are heard. */
  readonly members: Membership;
  /** This node's lordship. */
  readonly lordship: Lordship;
  /** This node's vote and support. */
  readonly ballot: Ballot;
  /** The legion as this node sees it. */
  readonly outlook: Outlook;
}

type SpeakerOptions = Pick<
  LegionOptions,
  "legion" | "pid" | "scroll" | "freqMs" | "lease" | "node"
>;

/** The pairs that uWSGI does not know of (LEASE.md, "On the wire"). */
type Lease = Pick<
  Announcement,
  "seq" | "support" | "claim" | "binds" | "node" | "was" | "config" | "hears"
>;

const withoutLease = { seq: 0, claim: false, binds: 0, node: "", config: "" } as const;

/** An identity that the node had, and how often that still says farewell. */
interface Past {
  readonly voter: Voter;
  readonly farewells: number;
}

// A node whose identity changes more often than its farewells go out is known by the last ones.
const maxPasts = 8;

/** Makes the announcements of a node, and says when. */
export class Speaker {
  #options: SpeakerOptions;
  readonly #context: SpeakerContext;
  readonly #pace: Pace;
  #self: Voter;
  #pasts: readonly Past[] = [];
  /** The uuid before this one. */
  #was?: string;
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

  /** Goes on where the last process of this node ended (LEASE.md, rule 12). */
  remember({ was, former, isResumed, notes }: Beginning): void {
    this.#was = was;
    if (isResumed) this.#seq = notes!.seq;
    if (former !== undefined) this.#pasts = [{ voter: former, farewells: farewellCount }];
  }

  /** The uuid before this one; undefined: none. */
  get was(): string | undefined {
    return this.#was;
  }

  /** Says the farewells, and then falls silent. */
  part(): void {
    this.#pasts = [];
    if (!this.#pace.silent) this.#pace.part();
  }

  /** Speaks under this identity, before anybody has heard of another. */
  introduce(self: Voter): void {
    this.#self = self;
  }

  /** Speaks under another identity from now on, while the former one says farewell. */
  renew(self: Voter): void {
    this.#pasts = [...this.#pasts, { voter: this.#self, farewells: farewellCount }].slice(
      -maxPasts,
    );
    this.#was = this.#self.uuid;
    this.#self = self;
  }

  /** When the next announcement is due, monotonic. */
  dueMs(): number {
    return this.#pace.dueMs(this.#news());
  }

  /** The announcements due now: this node's own first, then the farewells of former identities. */
  speak(now: Instant): Announcement[] {
    this.#pace.hurry(this.#atMostMs);
    if (now.monotonicMs < this.dueMs()) return [];
    const news = this.#news();
    const own = this.#announcement(now);
    const farewells = this.#pasts.map(({ voter }) => this.#farewell(own, voter));
    this.#pasts = this.#pasts.filter(({ farewells }) => farewells > 1)
      .map(({ voter, farewells }) => ({ voter, farewells: farewells - 1 }));
    this.#pace.announced(news, now.monotonicMs);
    return [own, ...farewells];
  }

  /**
   * The longest time between two announcements that the lease allows, in milliseconds: a third of
   * the shortest promise that a lord, or one that takes over, rests on (LEASE.md, rule 5).
   */
  get #atMostMs(): number {
    const { ballot, lordship, outlook } = this.#context;
    const isTitled = lordship.state === "lord" || lordship.state === "taking over";
    return isTitled && outlook.leased ? ballot.shortestMs / 3 : Infinity;
  }

  /**
   * A farewell that only uWSGI's nodes need: for others `was` tells what has become of the former
   * identity, and a farewell that comes first would take the node for gone.
   */
  #farewell(own: Announcement, { valor, name, uuid }: Voter): Announcement {
    const { support: _, was: __, hears: ___, ...rest } = own;
    return { ...rest, ...withoutLease, valor, name, uuid, lord: 0, dead: true };
  }

  /**
   * The state as news: the number of members is part of it, since a newcomer has not heard of this
   * node yet. Without a `seq` an announcement that says the same again would be taken for a double.
   */
  #news(): News {
    const { ballot, outlook: { hears, mark }, lordship, members } = this.#context;
    const { checksum, candidate, support } = ballot;
    const { state, since } = lordship;
    const vote = `${checksum} ${candidate?.uuid} ${support?.uuid} ${hears} ${mark}`;
    const told = this.#options.lease === "off" ? "" : `${state} ${members.size}`;
    const farewells = this.#pasts.map((past) => past.farewells).join();
    const text = `${vote} ${since} ${told} ${farewells}`;
    const echo = support?.uuid === this.#self.uuid ? undefined : support?.seq;
    return { text, echo, support: support?.uuid };
  }

  #announcement(now: Instant): Announcement {
    const { legion, pid, scroll } = this.#options;
    const { lordship, ballot } = this.#context;
    return {
      legion,
      ...this.#self,
      unix: Math.floor(now.wallMs / 1000),
      lord: lordship.since,
      pid,
      ...ballot.vote,
      scroll,
      dead: this.#pace.parting,
      ...this.#lease(),
    };
  }

  #lease(): Lease {
    const { lease, node = "" } = this.#options;
    if (lease === "off") return withoutLease;
    const { lordship, ballot: { support }, outlook: { hears, mark } } = this.#context;
    const seq = ++this.#seq;
    // A node that supports itself echoes its newest announcement, this one.
    const echo = support?.uuid === this.#self.uuid ? seq : support?.seq;
    return {
      seq,
      ...support && echo !== undefined ? { support: { uuid: support.uuid, seq: echo } } : {},
      claim: lordship.state === "taking over",
      binds: support?.binds ?? 0,
      node,
      was: this.#was,
      config: mark,
      hears,
    };
  }
}
