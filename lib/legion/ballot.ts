import { Agreement } from "./agreement.ts";
import { type Announcement, noUuid } from "./announcement.ts";
import { Assurance } from "./assurance.ts";
import type { Instant, Outbox } from "./effects.ts";
import type { Voter } from "./election.ts";
import type { Guarantee } from "./guarantee.ts";
import type { Beginning } from "./beginning.ts";
import { isSameElectorate, LeaseRule, needsNobody } from "./lease_rule.ts";
import type { Lordship } from "./lordship.ts";
import type { Member, Membership } from "./membership.ts";
import type { LegionOptions } from "./options.ts";
import type { Notes } from "./notes.ts";
import type { Support } from "./promise.ts";
import { Resumption } from "./resumption.ts";
import type { Rule, Situation } from "./rule.ts";
import { type Survey, survey } from "./survey.ts";

/** The things a ballot reads and calls. */
export interface BallotContext {
  /** The options of the legion, as they are now. */
  readonly options: LegionOptions;
  /** The members to vote with and for. */
  readonly members: Membership;
  /** This node's lordship, which the outcome moves. */
  readonly lordship: Lordship;
  /** Takes the lines for the log. */
  readonly out: Outbox;
  /** Called when a lord is elected for the first time ever. */
  readonly firstElection: () => void;
  /** Called when this node loses the title other than to a better node; `nowMs` is monotonic. */
  readonly lostQuorum: (nowMs: number) => void;
}

/**
 * The election, as one node sees it: its candidate, its vote, the rule that decides, and what
 * follows for its own lordship.
 */
export class Ballot {
  #context: BallotContext;
  readonly #leaseRule: LeaseRule;
  readonly #agreement: Agreement;
  readonly #assurance: Assurance;
  readonly #resumption: Resumption;
  #self: Voter;
  /** The look through all members that everything rests on; undefined before the first. */
  #survey?: Survey;
  #lordHeard = false;
  /** This node goes on as the same one, and has not heard all again yet. */
  #hasYetToHear = false;
  /** This node votes: it takes part in the election. */
  #votesNow = false;
  /** The vote. */
  #candidate?: Voter;
  #votes = 0;
  #elected?: Voter;
  #everElected = false;
  /** A quorum is taken for granted until members are seen to be missing. */
  #quorate = true;

  /** Votes for nobody before {@link Ballot.settle}. */
  constructor(self: Voter, context: BallotContext) {
    const { options } = context;
    this.#self = self;
    this.#context = context;
    this.#assurance = new Assurance(context.out);
    this.#leaseRule = new LeaseRule(options);
    this.#resumption = new Resumption(options);
    this.#agreement = new Agreement({ quorum: options.quorum, lastsMs: agreementLastsMs(options) });
  }

  /** Goes by other options from now on. */
  reconfigure(options: LegionOptions, nowMs: number): void {
    const { options: before } = this.#context;
    this.#context = { ...this.#context, options };
    const longestMs = Math.max(before.toleranceMs, options.toleranceMs, this.#assurance.longestMs);
    const changes = this.#leaseRule.reconfigure(options, longestMs, nowMs);
    if (changes) this.#assurance.changed(nowMs);
    this.#agreement.reconfigure({ quorum: options.quorum, lastsMs: agreementLastsMs(options) });
    this.#resumption.reconfigure(options);
    this.#survey = undefined;
  }

  /** The checksum of this node's view (PROTOCOL.md, "Checksum"); 0 while there is no vote. */
  get checksum(): bigint {
    return this.#votesNow ? this.#survey?.checksum ?? 0n : 0n;
  }

  /** The node voted for. */
  get candidate(): Voter | undefined {
    return this.#candidate;
  }

  /** The votes for the candidate, this node's included (PROTOCOL.md, "Votes"). */
  get votes(): number {
    return this.#votes;
  }

  /** The node that the legion has last agreed upon; undefined while there is no quorum. */
  get elected(): Voter | undefined {
    return this.#elected;
  }

  /** The guarantee that this node gives now (LEASE.md, rule 10). */
  get guarantee(): Guarantee {
    return this.#assurance.guarantee;
  }

  /** Whether the lease decides who is lord, and not uWSGI's rule (LEASE.md, rule 1). */
  get leased(): boolean {
    return this.#survey?.leased ?? false;
  }

  /**
   * The node that this one supports (LEASE.md, rule 3); undefined: none. A node that goes by
   * uWSGI's rule supports nobody (LEASE.md, rule 1), and one that does not count neither (rule 2).
   */
  get support(): Support | undefined {
    const counts = this.leased && this.#survey!.voters.countsSelf;
    return counts ? this.#leaseRule.support : undefined;
  }

  /** The voters that this node hears, as it announces them (LEASE.md, rule 9). */
  get hears(): bigint | undefined {
    const { lease, voters } = this.#context.options;
    const isTold = lease !== "off" && voters.length > 0 && !this.#hasYetToHear;
    return isTold ? this.#survey?.voters.hears : undefined;
  }

  /** The mark of this node's list and quorum, as it is announced; empty: none. */
  get mark(): string {
    return this.#assurance.mark(this.#context.options, this.#survey?.voters.rivals ?? []);
  }

  /** The shortest time that a supporter's promise binds, in milliseconds; Infinity: none supports. */
  get shortestMs(): number {
    return this.#leaseRule.shortestMs;
  }

  /** The time until which this node supports nobody after its start, monotonic. */
  get listensUntilMs(): number {
    return this.#leaseRule.listensUntilMs;
  }

  /** When this node can no longer be lord unless it is confirmed, monotonic; Infinity: never. */
  get endsMs(): number {
    return this.#rule.endsMs;
  }

  /** The highest voter that says it is lord, or taking over; undefined: none. */
  get lord(): Member | undefined {
    return this.#survey?.lord;
  }

  /** How many nodes are present that can vote, this one counted in. */
  get present(): number {
    return this.#survey?.present ?? 1;
  }

  /** Whether as many nodes are present as votes are needed. */
  get isQuorate(): boolean {
    return this.present >= this.#context.options.quorum;
  }

  /** Whether the lease decides, and all listed nodes are heard. */
  get isComplete(): boolean {
    return this.leased && this.#survey!.voters.isComplete;
  }

  /** A text that differs whenever another support is to be noted. */
  get notedMark(): string {
    const { support } = this.#leaseRule;
    return `${support?.uuid} ${support?.binds}`;
  }

  /** A number that changes whenever other lists or quorums have been heard. */
  get heardRevision(): number {
    return this.#assurance.heardConfigs.revision;
  }

  /** All that is to be noted (LEASE.md, rule 12). */
  noted(nowMs: number): Pick<Notes, "support" | "configs" | "doubles"> {
    return { support: this.#leaseRule.noted(nowMs), ...this.#assurance.heardConfigs.noted };
  }

  /** The source addresses of members that no entry of the list reaches (LEASE.md, rule 2). */
  get unlisted(): readonly string[] {
    return this.#survey?.unlisted ?? [];
  }

  /** Whether this node may be lord, as far as can be told from what was last settled. */
  mayBeLord({ monotonicMs }: Instant): boolean {
    return this.#rule.mustRelease(this.#situation(monotonicMs)) === undefined;
  }

  /** When something may change by itself, monotonic; Infinity: never. */
  dueMs(nowMs: number, { stopping }: { stopping: boolean }): number {
    const { lordship: { state, waits } } = this.#context;
    const holds = !stopping && (state === "lord" || state === "taking over");
    const titleMs = waits ? this.#resumption.dueMs(nowMs) : this.endsMs;
    const endsMs = holds ? titleMs : Infinity;
    const lookMs = Math.min(this.#survey?.untilMs ?? Infinity, this.guarantee.untilMs);
    const leaseMs = this.leased ? this.#leaseRule.dueMs(nowMs) : Infinity;
    return Math.min(endsMs, lookMs, leaseMs);
  }

  /**
   * Begins, at the start of the node, under the identity of {@link Ballot.renew} if that was called
   * (LEASE.md, rule 12).
   */
  begin(beginning: Beginning, now: Instant): void {
    const { notes, isResumed, claims, promise } = beginning;
    const { options } = this.#context;
    const { monotonicMs: nowMs } = now;
    if (notes !== undefined) {
      this.#assurance.remember(notes);
      if (!isSameElectorate(notes, options)) this.#assurance.changed(nowMs);
    }
    const bindsMs = notes?.support?.binds ?? 0;
    const longestMs = Math.max(options.toleranceMs, bindsMs, this.#assurance.longestMs);
    this.#leaseRule.begin(beginning, longestMs, nowMs);
    if (isResumed) this.#resumption.begin(nowMs);
    this.#lordHeard = claims || promise !== undefined;
    this.look(now);
  }

  /** Goes on under another uuid, and maybe another valor; the promises given hold. */
  renew(self: Voter): void {
    this.#leaseRule.letGo(this.#self);
    this.#self = self;
    this.#survey = undefined;
  }

  /** Takes in what a member said that is known already, or `dead`. */
  heard(said: Announcement, now: Instant): void {
    const before = this.#survey?.revision;
    this.look(now);
    const situation = this.#situation(now.monotonicMs);
    this.#leaseRule.hear(said, situation);
    this.#assurance.heard(said);
    const isKnown = !said.dead && before === situation.members.revision;
    if (isKnown) this.#agreement.repeated(said, situation);
  }

  /**
   * Takes in that members have been silent for a tolerance, and were dropped.
   *
   * @param dropped those members
   */
  silent(dropped: readonly Member[], nowMs: number): void {
    const { options: { node }, members } = this.#context;
    const self = { ...this.#self, node, joinedMs: -Infinity, heardMs: nowMs };
    this.#assurance.silent(dropped, self, members);
  }

  /** Notes that this node has announced itself with this `seq`. */
  sent(seq: number, nowMs: number): void {
    this.#leaseRule.sent(seq, nowMs);
  }

  /** Ends the vote, in a phase of the node's life without one. */
  close(): void {
    this.#votesNow = false;
    this.#candidate = undefined;
    this.#votes = 0;
    this.#elected = undefined;
    this.#leaseRule.letGo(this.#self);
  }

  /**
   * Looks through the members, if they, the options or the times have changed so that another look
   * may find something else.
   */
  look({ monotonicMs: nowMs }: Instant): void {
    this.#leaseRule.settle(nowMs);
    this.#lookAgain(nowMs);
    const voters = this.#survey!.voters;
    this.#hasYetToHear = this.#resumption.hasYetToHear({ voters, nowMs });
  }

  #lookAgain(nowMs: number): void {
    const { options, members, lordship } = this.#context;
    const before = this.#survey;
    const isNew = before === undefined || before.revision !== members.revision ||
      nowMs >= before.untilMs;
    if (!isNew) {
      if (nowMs >= this.guarantee.untilMs) this.#assure(nowMs);
      return;
    }
    const lordHeard = this.#lordHeard || lordship.state === "lord";
    const { doubled } = this.#assurance;
    const facts = { self: this.#self, members, options, lordHeard, doubled, nowMs };
    this.#survey = survey(facts);
    this.#assure(nowMs);
    this.#lordHeard = this.#survey.lordHeard;
    this.#leaseRule.keepOnly(this.#survey.voters);
    this.#agreement.note(this.#situation(nowMs));
  }

  /** Votes. Unless the node stops, its lordship follows the outcome. */
  settle(now: Instant, { stopping }: { stopping: boolean }): void {
    this.#votesNow = true;
    this.look(now);
    const situation = this.#situation(now.monotonicMs);
    const { lordship } = this.#context;
    // A node that takes up again has heard nobody yet.
    if (!stopping && !lordship.waits) this.#tellQuorum();
    if (!stopping) this.#giveWay(situation);
    // The title is released first: only then another node is voted for, or supported.
    const { best } = situation;
    const { state } = lordship;
    const isFree = state === "none" || best?.uuid === this.#self.uuid;
    if (!this.leased || lordship.givesBack) this.#leaseRule.letGo(this.#self);
    else if (isFree) this.#leaseRule.choose(situation);
    this.#votes = this.#rule.votes(situation);
    if (!stopping) this.#elect(situation);
    // Another lord makes way for a candidate. A node that takes up again has not heard yet whether
    // there is one, and a node that gives back is to leave it alone.
    const abstains = this.leased && (lordship.waits || lordship.givesBack);
    const choice = isFree || !this.leased ? best : this.#self;
    this.#candidate = abstains ? undefined : choice;
  }

  /** The vote, as it is announced. */
  get vote(): Pick<Announcement, "checksum" | "lordValor" | "lordUuid"> {
    return {
      checksum: this.checksum,
      lordValor: this.#candidate?.valor ?? 0,
      lordUuid: this.#candidate?.uuid ?? noUuid,
    };
  }

  get #rule(): Rule {
    return this.leased ? this.#leaseRule : this.#agreement;
  }

  #situation(nowMs: number): Situation {
    const { members } = this.#context;
    const { voters, checksum, best, stranger } = this.#survey!;
    return { self: this.#self, members, voters, checksum, best, stranger, nowMs };
  }

  #assure(nowMs: number): void {
    const { options, members } = this.#context;
    this.#assurance.look({ options, members, voters: this.#survey!.voters }, nowMs);
  }

  #tellQuorum(): void {
    const { isQuorate } = this;
    if (isQuorate === this.#quorate) return;
    this.#quorate = isQuorate;
    if (isQuorate) return;
    const { options: { quorum }, out } = this.#context;
    this.#elected = undefined;
    out.log("warn", `no quorum: ${this.present} present, ${quorum} needed`);
  }

  #giveWay(situation: Situation): void {
    const { lordship, lostQuorum } = this.#context;
    if (lordship.state !== "lord" && lordship.state !== "taking over") return;
    const reason = lordship.waits
      ? this.#resumption.mustRelease(situation, this.lord)
      : this.#rule.mustRelease(situation);
    if (reason === undefined) return;
    this.#elected = undefined;
    const isOutranked = situation.best !== undefined && situation.best.uuid !== this.#self.uuid;
    if (lordship.state === "lord" && !isOutranked) lostQuorum(situation.nowMs);
    lordship.release(reason);
  }

  #elect(situation: Situation): void {
    const { options: { quorum }, lordship, out, firstElection } = this.#context;
    const elected = this.#rule.elected(situation);
    if (elected === undefined) return;
    if (!this.#everElected) firstElection();
    this.#everElected = true;
    if (elected.uuid !== this.#elected?.uuid) {
      this.#elected = elected;
      const outcome = elected.valor === 0
        ? "all are arbiters, nobody is elected"
        : `${elected.name} is elected`;
      out.log("info", `votes ${this.#votes}, quorum ${quorum}: ${outcome}`);
    }
    const isSelf = elected.uuid === this.#self.uuid && elected.valor > 0;
    if (isSelf && this.#mayTake(situation)) lordship.take();
  }

  /**
   * Whether a node that takes up again may do so now. Where its election does not rest on others'
   * support, it listens for another lord before.
   */
  #mayTake({ voters, nowMs }: Situation): boolean {
    const { lordship, options } = this.#context;
    const isProven = this.leased && !needsNobody(options);
    return !lordship.waits || isProven || voters.isComplete || this.#resumption.hasListened(nowMs);
  }
}

function agreementLastsMs({ lease, toleranceMs }: LegionOptions): number {
  return lease === "off" ? Infinity : toleranceMs;
}
