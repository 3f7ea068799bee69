import type { Announcement } from "./announcement.ts";
import type { Beginning } from "./beginning.ts";
import type { Voter } from "./election.ts";
import { type Electorate, Lease } from "./lease.ts";
import type { Loss } from "./loss.ts";
import type { Member } from "./membership.ts";
import { memo } from "./memo.ts";
import type { NotedPromise } from "./notes.ts";
import type { LegionOptions } from "./options.ts";
import { drift, type Promisable, type Support, VotePromise } from "./promise.ts";
import type { Rule, Situation } from "./rule.ts";
import type { Voters } from "./voters.ts";

type LeaseOptions = Pick<LegionOptions, "voters" | "quorum" | "toleranceMs" | "releaseMs">;
type ElectorateOptions = Pick<LeaseOptions, "voters" | "quorum">;

/** A list of voters that a reload has replaced, and that has to be met for a while yet. */
interface Former extends Electorate {
  /** The time until which the list has to be met, monotonic. */
  readonly untilMs: number;
}

/**
 * The lease: a node is lord only while a quorum supports it, and every node supports one at a time,
 * so no two are lord at one instant (LEASE.md, "Rules").
 */
export class LeaseRule implements Rule {
  #options: LeaseOptions;
  #electorate: Electorate;
  #formers: readonly Former[] = [];
  /** When this node began to take part, monotonic. */
  #begunMs = -Infinity;
  readonly #promise: VotePromise;
  readonly #lease = new Lease();
  readonly #count = memo(supporters);

  /** Takes part from {@link LeaseRule.begin} on. */
  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#electorate = electorateOf(options);
    this.#promise = new VotePromise(options.toleranceMs);
  }

  /**
   * Goes by other settings from now on. Another list or quorum has to be met beside the former one for
   * as long as any lease by the former may last (LEASE.md, rule 10).
   *
   * @param longestMs the longest time that any node's promise binds, in milliseconds
   */
  reconfigure(options: LeaseOptions, longestMs: number, nowMs: number): void {
    const before = this.#options;
    this.#options = options;
    this.#promise.reconfigure(options.toleranceMs);
    if (isSameElectorate(before, options)) return;
    const untilMs = nowMs + longestMs * (1 + drift);
    this.#formers = [...this.#formers, { ...this.#electorate, untilMs }];
    this.#electorate = electorateOf(options);
    if (needsNobody(before) && !needsNobody(options)) this.#listenLate(nowMs);
  }

  /** Forgets the lists that no longer have to be met. */
  settle(nowMs: number): void {
    if (!this.#formers.some(({ untilMs }) => nowMs >= untilMs)) return;
    this.#formers = this.#formers.filter(({ untilMs }) => nowMs < untilMs);
    this.#lease.keepOnly((node) => this.#isListed(node));
  }

  /** The node that this one supports; undefined: none. */
  get support(): Support | undefined {
    return this.#promise.to;
  }

  /** The time until which this node supports nobody after its start, monotonic. */
  get listensUntilMs(): number {
    return this.#promise.listensUntilMs;
  }

  /** The shortest time that a supporter's promise binds, in milliseconds; Infinity: none supports. */
  get shortestMs(): number {
    return this.#lease.shortestMs;
  }

  /** When this node has to begin to release, monotonic. */
  get endsMs(): number {
    const { releaseMs } = this.#options;
    // A release time that fits a longer tolerance may exceed the whole of a shorter lease.
    const fittingMs = Math.min(releaseMs, this.#lease.shortestMs / 2);
    return this.#lease.endsMs(this.#electorate, this.#formers) - fittingMs;
  }

  /**
   * When a promise to another runs out, the first may be given, or a former list no longer has to be
   * met, monotonic; Infinity: never.
   */
  dueMs(nowMs: number): number {
    const { listensUntilMs, endsMs } = this.#promise;
    // A promise that has run out stays while this node releases: nobody else may be supported
    // before.
    const times = [listensUntilMs, endsMs, ...this.#formers.map(({ untilMs }) => untilMs)];
    return Math.min(Infinity, ...times.filter((atMs) => atMs > nowMs));
  }

  /**
   * Begins, at a start (LEASE.md, rule 12).
   *
   * @param longestMs the longest time that any node's promise binds, in milliseconds
   */
  begin(
    { self, notes, claims, promise, forgotten }: Beginning,
    longestMs: number,
    nowMs: number,
  ): void {
    this.#begunMs = nowMs;
    // Where nobody needs another's vote, no promise can matter.
    const mustListen = forgotten !== undefined && !needsNobody(this.#options);
    if (mustListen) this.#promise.listen(nowMs, forgotten);
    else this.#promise.begin(nowMs);
    this.#promise.remember(promise);
    if (claims) this.#promise.choose(promisable(self), nowMs);
    if (notes === undefined || isSameElectorate(notes, this.#options)) return;
    // The configuration was changed while no process ran.
    this.#formers = [{ ...electorateOf(notes), untilMs: nowMs + longestMs * (1 + drift) }];
  }

  /** The promise as it is to be noted (LEASE.md, rule 12); undefined: none. */
  noted(nowMs: number): NotedPromise | undefined {
    return this.#promise.noted(nowMs);
  }

  /** Takes in what a member said, once its announcement is known to be in order. */
  hear(said: Announcement, { self, best, voters, nowMs }: Situation): void {
    const counts = voters.members.get(said.node)?.uuid === said.uuid;
    const renews = counts && voters.countsSelf;
    this.#promise.hear(said, nowMs, { isCandidate: said.uuid === best?.uuid, renews });
    // A node of a former list alone still helps to meet that.
    const counted = counts || this.#formers.some((former) => former.voters.has(said.node)) &&
        !this.#electorate.voters.has(said.node);
    if (counted && !said.dead) this.#lease.hear(said, self.uuid);
  }

  /** Lets only voters support this node, and none for which more than one process speaks. */
  keepOnly({ rivals }: Voters): void {
    const doubled = new Set(rivals.map(({ node }) => node));
    this.#lease.keepOnly((node) => !doubled.has(node) && this.#isListed(node));
  }

  /** Notes that this node has announced itself with this `seq`. */
  sent(seq: number, nowMs: number): void {
    this.#lease.sent(seq, nowMs);
  }

  /** Ends this node's support of itself, if it supports itself. */
  letGo({ uuid }: Voter): void {
    if (this.support?.uuid === uuid) this.#promise.drop();
  }

  /** Supports this node's candidate, unless another node holds the promise. */
  choose({ self, best, voters, nowMs }: Situation): void {
    if (best?.uuid !== self.uuid) this.letGo(self);
    const supported = this.support?.uuid;
    // A node that does not count has no vote to promise: another speaks for the same address, or
    // this node does not know its own.
    this.#promise.choose(voters.countsSelf ? promisable(best) : undefined, nowMs);
    if (supported !== self.uuid && this.support?.uuid === self.uuid) this.#lease.begin();
  }

  mustRelease({ self, best, stranger, nowMs }: Situation): Loss | undefined {
    if (this.support?.uuid !== self.uuid || nowMs >= this.endsMs) {
      const needed = [this.#electorate, ...this.#formers].map(({ quorum }) => quorum);
      const before = needed.length > 1 ? `, or than ${needed.slice(1)} of the list before` : "";
      const why = `its lease has run out: fewer than ${needed[0]} support it${before}`;
      return { why, isPlanned: false };
    }
    if (stranger !== undefined) {
      const why = `${stranger.name}, which has another list of nodes or quorum, is lord`;
      return { why, isPlanned: false };
    }
    if (best === undefined || best.uuid === self.uuid) return undefined;
    return { why: `${best.name} is the candidate`, isPlanned: true };
  }

  elected({ self, best, voters, stranger, nowMs }: Situation): Voter | undefined {
    const supported = this.support?.uuid;
    if (supported === undefined) return undefined;
    if (supported === self.uuid) {
      const isCandidate = best?.uuid === self.uuid && stranger === undefined;
      // Where one vote is enough, the lease alone would not wait for another lord to let go.
      const waits = needsNobody(this.#options) && !allSupport(self, voters);
      return isCandidate && nowMs < this.endsMs && !waits ? self : undefined;
    }
    const claims = ({ uuid, said }: Member) => uuid === supported && (said.claim || said.lord > 0);
    // Mostly the candidate is the one, which saves a look through the voters.
    return isMember(best) && claims(best) ? best : voters.members.values().find(claims);
  }

  votes({ self, best, voters }: Situation): number {
    if (best === undefined) return 0;
    const own = this.support?.uuid === best.uuid ? 1 : 0;
    return own + this.#count(best.uuid, self.uuid, voters);
  }

  #isListed(node: string): boolean {
    return [this.#electorate, ...this.#formers].some(({ voters }) => voters.has(node));
  }

  /**
   * Listens for what is left of the listening time: a node that needed nobody skipped it at its
   * start.
   */
  #listenLate(nowMs: number): void {
    this.#promise.listen(this.#begunMs);
    if (nowMs < this.#promise.listensUntilMs) this.#promise.drop();
  }
}

function electorateOf({ voters, quorum }: ElectorateOptions): Electorate {
  return { voters: new Set(voters), quorum };
}

/** Whether the list and the quorum are the same. */
export function isSameElectorate(a: ElectorateOptions, b: ElectorateOptions): boolean {
  return a.quorum === b.quorum && a.voters.join() === b.voters.join();
}

/** Whether a lord needs no support but its own. */
export function needsNobody({ voters, quorum }: ElectorateOptions): boolean {
  return voters.length <= 1 || quorum <= 1;
}

/** The number of voters that support a node, without this node. */
function supporters(of: string, ownUuid: string, { members }: Voters): number {
  let count = 0;
  for (const { uuid, said } of members.values()) {
    if (uuid !== ownUuid && said.support?.uuid === of) count++;
  }
  return count;
}

/** Whether all voters that hear a node, and are heard, support it. */
function allSupport({ uuid }: Voter, { members, hearsSelf }: Voters): boolean {
  return members.values().every(({ said }) => !hearsSelf(said) || said.support?.uuid === uuid);
}

function promisable(best: Voter | Member | undefined): Promisable | undefined {
  if (best === undefined || best.valor === 0) return undefined;
  // This node's promise to itself needs no renewal.
  if (!isMember(best)) return { uuid: best.uuid, seq: 0, heardMs: Infinity };
  const { uuid, said: { seq }, heardMs } = best;
  return { uuid, seq, heardMs };
}

function isMember(best: Voter | Member | undefined): best is Member {
  return best !== undefined && "said" in best;
}
