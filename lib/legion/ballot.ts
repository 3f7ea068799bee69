import { Agreement } from "./agreement.ts";
import { type Announcement, type Echo, noUuid } from "./announcement.ts";
import type { Instant, Outbox } from "./effects.ts";
import type { Voter } from "./election.ts";
import { type Guarantee, guaranteeOf } from "./guarantee.ts";
import { LeaseRule } from "./lease_rule.ts";
import type { Lordship } from "./lordship.ts";
import type { Membership } from "./membership.ts";
import { memo } from "./memo.ts";
import type { LegionOptions } from "./options.ts";
import type { Rule, Situation } from "./rule.ts";
import { type Survey, survey } from "./survey.ts";
import type { Tolerance } from "./tolerance.ts";

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
  readonly lost: (nowMs: number) => void;
}

/**
 * The election, as one node sees it: its candidate, its vote, the rule that decides, and what
 * follows for its own lordship.
 */
export class Ballot {
  #context: BallotContext;
  readonly #leaseRule: LeaseRule;
  readonly #agreement: Agreement;
  readonly #surveyNow = memo((self: Voter, options: LegionOptions, _revision: number) =>
    survey(self, this.#context.members, options)
  );
  #guarantee?: Guarantee;
  #self: Voter;
  /** The look through all members that the vote rests on; undefined while there is no vote. */
  #survey?: Survey;
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
    this.#leaseRule = new LeaseRule(options);
    const lastsMs = agreementLastsMs(options);
    this.#agreement = new Agreement({ quorum: options.quorum, lastsMs });
  }

  /**
   * Goes by other options from now on. The tolerance is the given one: `options.toleranceMs` is
   * passed over.
   */
  reconfigure(options: LegionOptions, tolerance: Tolerance, nowMs: number): void {
    this.#context = { ...this.#context, options };
    this.#leaseRule.reconfigure(options, tolerance, nowMs);
    const lastsMs = agreementLastsMs({ ...options, toleranceMs: tolerance.longestMs });
    this.#agreement.reconfigure({ quorum: options.quorum, lastsMs });
  }

  /** The checksum of this node's view (PROTOCOL.md, "Checksum"); 0 while there is no vote. */
  get checksum(): bigint {
    return this.#survey?.checksum ?? 0n;
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

  /** The guarantee that the legion gives now (LEASE.md, rule 10). */
  get guarantee(): Guarantee {
    const { options, members } = this.#context;
    return this.#guarantee ??= guaranteeOf(options, members);
  }

  /** The node that this one supports (LEASE.md, rule 3); undefined: none. */
  get support(): Echo | undefined {
    return this.#leaseRule.support;
  }

  /** The time until which this node supports nobody after its start, monotonic. */
  get listensUntilMs(): number {
    return this.#leaseRule.listensUntilMs;
  }

  /** When this node can no longer be lord unless it is confirmed, monotonic; Infinity: never. */
  get endsMs(): number {
    return this.#rule.endsMs;
  }

  /** Whether this node may be lord, as far as can be told from what was last settled. */
  mayBeLord({ monotonicMs }: Instant): boolean {
    return this.#rule.mustRelease(this.#situation(monotonicMs)) === undefined;
  }

  /** When something may change by itself, monotonic; Infinity: never. */
  dueMs(nowMs: number, { stopping }: { stopping: boolean }): number {
    const { options, lordship: { state } } = this.#context;
    const holds = !stopping && (state === "lord" || state === "taking over");
    const endsMs = holds ? this.endsMs : Infinity;
    const dueMs = options.lease === "off" ? Infinity : this.#leaseRule.dueMs(nowMs);
    return Math.min(endsMs, dueMs);
  }

  /** Begins, at the start of the node. */
  begin(nowMs: number): void {
    this.#leaseRule.begin(nowMs);
    this.#tellGuarantee(this.guarantee, { isFirst: true });
  }

  /** Goes on under another uuid, and maybe another valor; the promises given hold. */
  renew(self: Voter): void {
    this.#leaseRule.letGo(this.#self);
    this.#self = self;
  }

  /** Takes in what a member said that is known already, or `dead`. */
  heard(said: Announcement, from: string, { monotonicMs }: Instant): void {
    const situation = this.#situation(monotonicMs);
    this.#leaseRule.hear(said, from, situation);
    const isKnown = !said.dead && this.#survey?.revision === situation.members.revision;
    if (isKnown) this.#agreement.repeated(said, situation);
  }

  /** Forgets the support of a member that was silent for too long. */
  left(uuid: string): void {
    this.#leaseRule.left(uuid);
  }

  /** Notes that this node has announced itself with this `seq`. */
  sent(seq: number, nowMs: number): void {
    this.#leaseRule.sent(seq, nowMs);
  }

  /** Ends the vote, in a phase of the node's life without one. */
  close(): void {
    this.#candidate = undefined;
    this.#survey = undefined;
    this.#votes = 0;
    this.#elected = undefined;
    this.#leaseRule.letGo(this.#self);
  }

  /** Votes. Unless the node stops, its lordship follows the outcome. */
  settle(now: Instant, { stopping }: { stopping: boolean }): void {
    this.#lookThrough(now, { stopping });
    const situation = this.#situation(now.monotonicMs);
    if (!stopping) this.#giveWay(situation);
    // The title is released first: only then another node is voted for, or supported.
    const { best } = situation;
    const { state } = this.#context.lordship;
    const isFree = state === "none" || best?.uuid === this.#self.uuid;
    if (isFree && this.#context.options.lease !== "off") this.#leaseRule.choose(situation);
    this.#candidate = isFree || !this.#isLeased ? best : this.#self;
    this.#votes = this.#rule.votes(situation);
    if (!stopping) this.#elect(situation);
  }

  /** The vote, as it is announced. */
  get vote(): Pick<Announcement, "checksum" | "lordValor" | "lordUuid"> {
    return {
      checksum: this.checksum,
      lordValor: this.#candidate?.valor ?? 0,
      lordUuid: this.#candidate?.uuid ?? noUuid,
    };
  }

  get #isLeased(): boolean {
    return this.guarantee.kind === "lease";
  }

  get #rule(): Rule {
    return this.#isLeased ? this.#leaseRule : this.#agreement;
  }

  #situation(nowMs: number): Situation {
    const { members } = this.#context;
    return {
      self: this.#self,
      members,
      checksum: this.checksum,
      best: this.#survey?.best,
      nowMs,
    };
  }

  /** Looks through the members, if they or the options have changed since the last time. */
  #lookThrough({ monotonicMs }: Instant, { stopping }: { stopping: boolean }): void {
    const { options, members } = this.#context;
    const seen = this.#surveyNow(this.#self, options, members.revision);
    if (seen === this.#survey) return;
    this.#survey = seen;
    this.#tellGuarantee(seen.guarantee);
    if (!stopping) this.#tellQuorum(seen.isQuorate);
    this.#agreement.note(this.#situation(monotonicMs));
  }

  #tellGuarantee(guarantee: Guarantee, { isFirst = false } = {}): void {
    const { kind, why } = guarantee;
    const isSame = this.#guarantee?.kind === kind && this.#guarantee.why === why;
    this.#guarantee = guarantee;
    if (isSame && !isFirst) return;
    this.#context.out.log("info", `guarantee: ${kind}${why === "" ? "" : ` (${why})`}`);
  }

  #tellQuorum(isQuorate: boolean): void {
    if (isQuorate === this.#quorate) return;
    this.#quorate = isQuorate;
    const { options: { quorum }, members, out } = this.#context;
    if (isQuorate) return;
    this.#elected = undefined;
    out.log("warn", `no quorum: ${1 + members.size} present, ${quorum} needed`);
  }

  #giveWay(situation: Situation): void {
    const { lordship, lost } = this.#context;
    if (lordship.state !== "lord" && lordship.state !== "taking over") return;
    const reason = this.#rule.mustRelease(situation);
    if (reason === undefined) return;
    this.#elected = undefined;
    const isOutranked = situation.best !== undefined && situation.best.uuid !== this.#self.uuid;
    if (lordship.state === "lord" && !isOutranked) lost(situation.nowMs);
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
    if (elected.uuid === this.#self.uuid && elected.valor > 0) lordship.take();
  }
}

function agreementLastsMs({ lease, toleranceMs }: LegionOptions): number {
  return lease === "off" ? Infinity : toleranceMs;
}
