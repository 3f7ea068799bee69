import type { Announcement, Echo } from "./announcement.ts";
import type { Voter } from "./election.ts";
import { Lease } from "./lease.ts";
import type { Member, Membership } from "./membership.ts";
import { memo } from "./memo.ts";
import type { LegionOptions } from "./options.ts";
import type { Rule, Situation } from "./rule.ts";
import { Support, type Supportable } from "./support.ts";
import type { Tolerance } from "./tolerance.ts";

/**
 * The lease: a node is lord only while a quorum supports it, and every node supports one at a time,
 * so no two are lord at one instant (LEASE.md, "Rules").
 */
export class LeaseRule implements Rule {
  #quorum: number;
  /** When this node began to take part, monotonic. */
  #begunMs = -Infinity;
  readonly #support: Support;
  readonly #lease: Lease;
  readonly #count = memo(supporters);

  /** Takes part from {@link LeaseRule.begin} on. */
  constructor(options: Pick<LegionOptions, "quorum" | "toleranceMs" | "releaseMs">) {
    this.#quorum = options.quorum;
    this.#support = new Support(options.toleranceMs);
    this.#lease = new Lease(options);
  }

  /**
   * Goes by other settings from now on.
   *
   * @param tolerance how long promises bind, and how long what is sent from now on is a claim
   */
  reconfigure(
    { quorum, releaseMs }: Pick<LegionOptions, "quorum" | "releaseMs">,
    tolerance: Tolerance,
    nowMs: number,
  ): void {
    const neededNobody = this.#quorum <= 1;
    this.#quorum = quorum;
    this.#support.reconfigure(tolerance.longestMs);
    const toleranceMs = tolerance.shortestMs;
    // A release time that fits a longer tolerance may exceed the whole of a shorter lease.
    const fittingMs = Math.min(releaseMs, toleranceMs / 2);
    this.#lease.reconfigure({ quorum, toleranceMs, releaseMs: fittingMs });
    if (neededNobody && quorum > 1) this.#listenLate(nowMs);
  }

  /** The node that this one supports; undefined: none. */
  get support(): Echo | undefined {
    return this.#support.to;
  }

  /** The time until which this node supports nobody after its start, monotonic. */
  get listensUntilMs(): number {
    return this.#support.listensUntilMs;
  }

  /** When this node has to begin to release, monotonic. */
  get endsMs(): number {
    return this.#lease.endsMs;
  }

  /** When a promise to another runs out, or the first may be given, monotonic; Infinity: never. */
  dueMs(nowMs: number): number {
    const { listensUntilMs, endsMs } = this.#support;
    if (nowMs < listensUntilMs) return listensUntilMs;
    // A promise that has run out stays while this node releases: nobody else may be supported
    // before.
    return nowMs < endsMs ? endsMs : Infinity;
  }

  /** Begins, at a start. */
  begin(nowMs: number): void {
    this.#begunMs = nowMs;
    // A node that needs nobody else cannot have promised anything to anybody else.
    if (this.#quorum > 1) this.#support.listen(nowMs);
    else this.#support.begin(nowMs);
  }

  /** Takes in what a member said, once its announcement is known to be in order. */
  hear(said: Announcement, from: string, { self, best, nowMs }: Situation): void {
    this.#support.hear(said, best?.uuid, nowMs);
    if (said.dead) this.#lease.left(said.uuid);
    else this.#lease.hear(said, from, self.uuid);
  }

  /** Forgets the support of a member that was silent for too long. */
  left(uuid: string): void {
    this.#lease.left(uuid);
  }

  /** Notes that this node has announced itself with this `seq`. */
  sent(seq: number, nowMs: number): void {
    this.#lease.sent(seq, nowMs);
  }

  /** Ends this node's support of itself, if it supports itself. */
  letGo({ uuid }: Voter): void {
    if (this.support?.uuid === uuid) this.#support.drop();
  }

  /** Supports this node's candidate, unless another node holds the promise. */
  choose({ self, best, nowMs }: Situation): void {
    if (best?.uuid !== self.uuid) this.letGo(self);
    const supported = this.support?.uuid;
    this.#support.choose(supportable(best), nowMs);
    if (supported !== self.uuid && this.support?.uuid === self.uuid) this.#lease.begin();
  }

  mustRelease({ self, best, nowMs }: Situation): string | undefined {
    if (this.support?.uuid !== self.uuid || nowMs >= this.endsMs) {
      return `its lease has run out: fewer than ${this.#quorum} support it`;
    }
    // A candidate that still listens cannot take over yet: staying lord is better until it can.
    if (best !== undefined && best.uuid !== self.uuid && !isListening(best)) {
      return `${best.name} is the candidate`;
    }
  }

  elected({ self, best, members, nowMs }: Situation): Voter | undefined {
    const supported = this.support?.uuid;
    if (supported === undefined) return undefined;
    if (supported === self.uuid) {
      return best?.uuid === self.uuid && nowMs < this.endsMs ? self : undefined;
    }
    const claims = ({ uuid, said }: Member) => uuid === supported && (said.claim || said.lord > 0);
    // Mostly the candidate is the one, which saves a look through the members.
    return isMember(best) && claims(best) ? best : [...members].find(claims);
  }

  votes({ self, best, members }: Situation): number {
    if (best === undefined) return 0;
    const own = this.support?.uuid === best.uuid ? 1 : 0;
    return own + this.#count(best.uuid, self.uuid, members, members.revision);
  }

  /**
   * Listens for what is left of the listening time: with a quorum of 1 the node skipped it at its
   * start.
   */
  #listenLate(nowMs: number): void {
    this.#support.listen(this.#begunMs);
    if (nowMs < this.#support.listensUntilMs) this.#support.drop();
  }
}

/** The number of members that support a node, without this node. */
function supporters(of: string, ownUuid: string, members: Membership, _revision: number): number {
  let count = 0;
  for (const { uuid, said } of members) {
    if (uuid !== ownUuid && said.support?.uuid === of) count++;
  }
  return count;
}

function supportable(best: Voter | Member | undefined): Supportable | undefined {
  if (best === undefined || best.valor === 0) return undefined;
  // This node's promise to itself needs no renewal.
  if (!isMember(best)) return { uuid: best.uuid, seq: 0, heardMs: Infinity };
  const { uuid, said: { seq }, heardMs } = best;
  return seq === 0 ? undefined : { uuid, seq, heardMs };
}

function isListening(best: Voter | Member): boolean {
  return isMember(best) && best.said.support === undefined;
}

function isMember(best: Voter | Member | undefined): best is Member {
  return best !== undefined && "said" in best;
}
