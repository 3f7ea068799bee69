import type { Announcement } from "./announcement.ts";
import { Assurance } from "./assurance.ts";
import type { Beginning } from "./beginning.ts";
import type { Doubles } from "./configs_heard.ts";
import type { Outbox } from "./effects.ts";
import type { Voter } from "./election.ts";
import type { Guarantee } from "./guarantee.ts";
import { isSameElectorate, needsNobody } from "./lease_rule.ts";
import type { Lordship } from "./lordship.ts";
import type { Member, Membership } from "./membership.ts";
import type { Notes } from "./notes.ts";
import type { LegionOptions } from "./options.ts";
import type { Situation } from "./rule.ts";
import { type Survey, survey } from "./survey.ts";

/** The things an outlook looks at. */
export interface OutlookContext {
  /** The options of the legion, as they are now. */
  readonly options: LegionOptions;
  /** All other nodes that are heard. */
  readonly members: Membership;
  /** This node's lordship. */
  readonly lordship: Lordship;
  /** Takes the lines for the log. */
  readonly out: Outbox;
}

/**
 * The legion as one node sees it: who votes, whom it would have as lord, who decides, and what can be
 * said of that. All rests on one look through the members, which holds until one of them says
 * something else.
 */
export class Outlook {
  #context: OutlookContext;
  readonly #assurance: Assurance;
  #self: Voter;
  /** Undefined before the first look. */
  #survey?: Survey;
  #lordHeard = false;
  /** This node goes on as the same one, and may still have to hear nodes again, monotonic. */
  #hearsAgainUntilMs = -Infinity;
  /** There are nodes that this one has to hear again. */
  #hasYetToHear = false;

  /** Sees nothing before {@link Outlook.look}. */
  constructor(self: Voter, context: OutlookContext) {
    this.#self = self;
    this.#context = context;
    this.#assurance = new Assurance(context.out);
  }

  /** Goes by other options from now on. */
  reconfigure(options: LegionOptions, nowMs: number): void {
    const { options: before } = this.#context;
    this.#context = { ...this.#context, options };
    if (!isSameElectorate(before, options)) this.#assurance.changed(nowMs);
    this.#survey = undefined;
  }

  /** Goes on with what the last process of this node had heard (LEASE.md, rule 12). */
  begin({ notes, isResumed, claims, promise }: Beginning, nowMs: number): void {
    const { options } = this.#context;
    if (notes !== undefined) {
      this.#assurance.remember(notes);
      if (!isSameElectorate(notes, options)) this.#assurance.changed(nowMs);
    }
    if (isResumed) this.#hearsAgainUntilMs = nowMs + options.toleranceMs;
    this.#lordHeard = claims || promise !== undefined;
  }

  /** Sees the legion under another uuid, and maybe another valor, of this node. */
  renew(self: Voter): void {
    this.#self = self;
    this.#survey = undefined;
  }

  /** Takes in what a member said. */
  heard(said: Announcement): void {
    this.#assurance.heard(said);
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

  /**
   * Looks through the members, if they, the options or the times have changed so that another look
   * may find something else; true: it did look.
   */
  look(nowMs: number): boolean {
    const { options, members, lordship } = this.#context;
    const before = this.#survey;
    const isNew = before === undefined || before.revision !== members.revision ||
      nowMs >= before.untilMs;
    if (isNew) {
      const lordHeard = this.#lordHeard || lordship.state === "lord";
      const { doubled } = this.#assurance;
      const facts = { self: this.#self, members, options, lordHeard, doubled, nowMs };
      this.#survey = survey(facts);
      this.#lordHeard = this.#survey.lordHeard;
    }
    const { voters } = this.#seen;
    if (isNew || nowMs >= this.guarantee.untilMs) {
      this.#assurance.look({ options, members, voters }, nowMs);
    }
    this.#hasYetToHear = nowMs < this.#hearsAgainUntilMs && !voters.isComplete;
    return isNew;
  }

  /** The legion at this moment, as it was seen in the last look. */
  situation(nowMs: number): Situation {
    const { members } = this.#context;
    const { voters, checksum, best, stranger } = this.#seen;
    return { self: this.#self, members, voters, checksum, best, stranger, nowMs };
  }

  /** When another look may find something else by itself, monotonic; Infinity: never. */
  get dueMs(): number {
    return Math.min(this.#survey?.untilMs ?? Infinity, this.guarantee.untilMs);
  }

  /** The members' revision that was looked through last; undefined: there was no look. */
  get revision(): number | undefined {
    return this.#survey?.revision;
  }

  /** The checksum of this node's view (PROTOCOL.md, "Checksum"); 0 before the first look. */
  get checksum(): bigint {
    return this.#survey?.checksum ?? 0n;
  }

  /** The guarantee that this node gives now (LEASE.md, rule 10). */
  get guarantee(): Guarantee {
    return this.#assurance.guarantee;
  }

  /** Whether the lease decides who is lord, and not uWSGI's rule (LEASE.md, rule 1). */
  get leased(): boolean {
    return this.#survey?.leased ?? false;
  }

  /** Whether the lease decides, and this node is a voter. */
  get countsSelf(): boolean {
    return this.leased && this.#seen.voters.countsSelf;
  }

  /**
   * The voters that this node hears, as it announces them (LEASE.md, rule 9). One that goes on as the
   * same node tells none before it has heard all again: a lord might miss itself.
   */
  get hears(): bigint | undefined {
    const { lease, voters } = this.#context.options;
    const isTold = lease !== "off" && voters.length > 0 && !this.#hasYetToHear;
    return isTold ? this.#survey?.voters.hears : undefined;
  }

  /** The mark of this node's list and quorum, as it is announced; empty: none. */
  get mark(): string {
    return this.#assurance.mark(this.#context.options, this.#survey?.voters.rivals ?? []);
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

  /**
   * Whether the lease decides, by the support of others, and all listed nodes are heard: there is
   * nobody to wait for. Where one vote is enough, two that do not hear each other yet would both be
   * elected.
   */
  get isComplete(): boolean {
    const isByOthers = this.leased && !needsNobody(this.#context.options);
    return isByOthers && this.#seen.voters.isComplete;
  }

  /**
   * Whether an election has nobody to wait for: as many nodes as it needs are heard, and those that
   * are not had a lower rank than the candidate when they were heard last. Where a node supports
   * another, there may be a lord that is not heard yet.
   */
  get isDecided(): boolean {
    if (this.isComplete) return true;
    const { options } = this.#context;
    if (!this.leased || needsNobody(options)) return false;
    const { voters: { members, countsSelf, present }, best } = this.#seen;
    if (!countsSelf || present < options.quorum || best === undefined) return false;
    const isFree = members.values().every(({ said: { support } }) =>
      support === undefined || support.uuid === best.uuid
    );
    return isFree && this.#areBelow(best.valor, members);
  }

  /** Whether all other listed nodes had a lower rank than this one when they were heard last. */
  get isHighest(): boolean {
    return this.#context.options.voters.length > 0 && this.#areBelow(this.#self.valor);
  }

  /** Whether all other listed nodes but those that are heard were below a rank. */
  #areBelow(valor: number, heard?: ReadonlyMap<string, Member>): boolean {
    const { voters, node } = this.#context.options;
    const { heardConfigs } = this.#assurance;
    return voters.every((voter) =>
      voter === node || heard?.has(voter) || heardConfigs.isBelow(voter, valor)
    );
  }

  /** The source addresses of members that no entry of the list reaches (LEASE.md, rule 2). */
  get unlisted(): readonly string[] {
    return this.#survey?.unlisted ?? [];
  }

  /** The longest time that another node's promise was heard to bind, in milliseconds. */
  get longestMs(): number {
    return this.#assurance.longestMs;
  }

  /** A number that changes whenever other lists or quorums have been heard. */
  get heardRevision(): number {
    return this.#assurance.heardConfigs.revision;
  }

  /** All that was heard, as it is to be noted (LEASE.md, rule 12). */
  get noted(): Pick<Notes, "configs" | "doubles"> {
    return this.#assurance.heardConfigs.noted;
  }

  /** The nodes for which more than one process speaks (LEASE.md, rule 2). */
  get rivals(): readonly string[] {
    return this.#survey?.voters.rivals.map(({ node }) => node) ?? [];
  }

  /** The nodes that may be two processes which are parted (LEASE.md, rule 2). */
  get doubles(): readonly Doubles[] {
    return this.#assurance.heardConfigs.doubles;
  }

  get #seen(): Survey {
    return this.#survey!;
  }
}
