import { Agreement } from "./agreement.ts";
import { type Announcement, noUuid } from "./announcement.ts";
import type { Beginning } from "./beginning.ts";
import type { Instant, Outbox } from "./effects.ts";
import type { Voter } from "./election.ts";
import { LeaseRule, needsNobody } from "./lease_rule.ts";
import type { Lordship } from "./lordship.ts";
import type { NotedPromise } from "./notes.ts";
import type { LegionOptions } from "./options.ts";
import type { Outlook } from "./outlook.ts";
import type { Support } from "./promise.ts";
import { Resumption } from "./resumption.ts";
import type { Rule, Situation } from "./rule.ts";

/** The things a ballot reads and calls. */
export interface BallotContext {
  /** The options of the legion, as they are now. */
  readonly options: LegionOptions;
  /** The legion as this node sees it. */
  readonly outlook: Outlook;
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
  readonly #resumption: Resumption;
  #self: Voter;
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
    this.#leaseRule = new LeaseRule(options);
    this.#resumption = new Resumption(options);
    this.#agreement = new Agreement({ quorum: options.quorum, lastsMs: agreementLastsMs(options) });
  }

  /** Goes by other options from now on. */
  reconfigure(options: LegionOptions, nowMs: number): void {
    const { options: before, outlook } = this.#context;
    this.#context = { ...this.#context, options };
    const { longestMs: heardMs } = outlook;
    const longestMs = Math.max(before.toleranceMs, options.toleranceMs, heardMs);
    this.#leaseRule.reconfigure(options, longestMs, nowMs);
    this.#agreement.reconfigure({ quorum: options.quorum, lastsMs: agreementLastsMs(options) });
    this.#resumption.reconfigure(options);
    outlook.reconfigure(options, nowMs);
  }

  /** The checksum of this node's view (PROTOCOL.md, "Checksum"); 0 while there is no vote. */
  get checksum(): bigint {
    return this.#votesNow ? this.#context.outlook.checksum : 0n;
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

  /**
   * The node that this one supports (LEASE.md, rule 3); undefined: none. A node that goes by
   * uWSGI's rule supports nobody (LEASE.md, rule 1), and one that does not count neither (rule 2).
   */
  get support(): Support | undefined {
    return this.#context.outlook.countsSelf ? this.#leaseRule.support : undefined;
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

  /** A text that differs whenever another support is to be noted. */
  get notedMark(): string {
    const { support } = this.#leaseRule;
    return `${support?.uuid} ${support?.binds}`;
  }

  /** The support as it is to be noted (LEASE.md, rule 12); undefined: none. */
  noted(nowMs: number): NotedPromise | undefined {
    return this.#leaseRule.noted(nowMs);
  }

  /** Whether this node may be lord, as far as can be told from what was last settled. */
  mayBeLord({ monotonicMs }: Instant): boolean {
    return this.#rule.mustRelease(this.#context.outlook.situation(monotonicMs)) === undefined;
  }

  /** When something may change by itself, monotonic; Infinity: never. */
  dueMs(nowMs: number, { stopping }: { stopping: boolean }): number {
    const { lordship: { state, waits }, outlook } = this.#context;
    const holds = !stopping && (state === "lord" || state === "taking over");
    const titleMs = waits ? this.#resumption.dueMs(nowMs) : this.endsMs;
    const endsMs = holds ? titleMs : Infinity;
    const leaseMs = outlook.leased ? this.#leaseRule.dueMs(nowMs) : Infinity;
    return Math.min(endsMs, outlook.dueMs, leaseMs);
  }

  /**
   * Begins, at the start of the node, under the identity of {@link Ballot.renew} if that was called
   * (LEASE.md, rule 12).
   */
  begin(beginning: Beginning, now: Instant): void {
    const { options, outlook } = this.#context;
    const { monotonicMs: nowMs } = now;
    outlook.begin(beginning, nowMs);
    const bindsMs = beginning.notes?.support?.binds ?? 0;
    const longestMs = Math.max(options.toleranceMs, bindsMs, outlook.longestMs);
    this.#leaseRule.begin(beginning, longestMs, nowMs);
    this.#resumption.begin(nowMs);
    this.look(now);
  }

  /** Goes on under another uuid, and maybe another valor; the promises given hold. */
  renew(self: Voter): void {
    this.#leaseRule.letGo(this.#self);
    this.#self = self;
    this.#context.outlook.renew(self);
  }

  /** Takes in what a member said that is known already, or `dead`. */
  heard(said: Announcement, now: Instant): void {
    const { outlook } = this.#context;
    const before = outlook.revision;
    this.look(now);
    const situation = outlook.situation(now.monotonicMs);
    this.#leaseRule.hear(said, situation);
    outlook.heard(said);
    const isKnown = !said.dead && before === situation.members.revision;
    if (isKnown) this.#agreement.repeated(said, situation);
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

  /** Looks at the legion, if another look may find something else. */
  look({ monotonicMs: nowMs }: Instant): void {
    const { outlook } = this.#context;
    this.#leaseRule.settle(nowMs);
    if (!outlook.look(nowMs)) return;
    const situation = outlook.situation(nowMs);
    this.#leaseRule.keepOnly(situation.voters);
    this.#agreement.note(situation);
  }

  /** Votes. Unless the node stops, its lordship follows the outcome. */
  settle(now: Instant, { stopping }: { stopping: boolean }): void {
    this.#votesNow = true;
    this.look(now);
    const { lordship, outlook } = this.#context;
    const { leased } = outlook;
    const situation = outlook.situation(now.monotonicMs);
    // A node that takes up again has heard nobody yet.
    if (!stopping && !lordship.waits) this.#tellQuorum();
    if (!stopping) this.#giveWay(situation);
    // The title is released first: only then another node is voted for, or supported.
    const { best } = situation;
    const { state } = lordship;
    const isFree = state === "none" || best?.uuid === this.#self.uuid;
    if (!leased || lordship.givesBack) this.#leaseRule.letGo(this.#self);
    else if (isFree) this.#leaseRule.choose(situation);
    this.#votes = this.#rule.votes(situation);
    if (!stopping) this.#elect(situation);
    // Another lord makes way for a candidate. A node that takes up again has not heard yet whether
    // there is one, and a node that gives back is to leave it alone.
    const abstains = leased && (lordship.waits || lordship.givesBack);
    const choice = isFree || !leased ? best : this.#self;
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
    return this.#context.outlook.leased ? this.#leaseRule : this.#agreement;
  }

  #tellQuorum(): void {
    const { options: { quorum }, out, outlook: { isQuorate, present } } = this.#context;
    if (isQuorate === this.#quorate) return;
    this.#quorate = isQuorate;
    if (isQuorate) return;
    this.#elected = undefined;
    out.log("warn", `no quorum: ${present} present, ${quorum} needed`);
  }

  #giveWay(situation: Situation): void {
    const { lordship, lostQuorum, outlook } = this.#context;
    if (lordship.state !== "lord" && lordship.state !== "taking over") return;
    const loss = lordship.waits
      ? this.#resumption.mustRelease(situation, outlook.lord)
      : this.#rule.mustRelease(situation);
    if (loss === undefined) return;
    this.#elected = undefined;
    const isOutranked = situation.best !== undefined && situation.best.uuid !== this.#self.uuid;
    if (lordship.state === "lord" && !isOutranked) lostQuorum(situation.nowMs);
    lordship.release(loss);
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
    const { lordship, options, outlook } = this.#context;
    const isProven = outlook.leased && !needsNobody(options);
    return !lordship.waits || isProven || voters.isComplete || this.#resumption.hasListened(nowMs);
  }
}

function agreementLastsMs({ lease, toleranceMs }: LegionOptions): number {
  return lease === "off" ? Infinity : toleranceMs;
}
