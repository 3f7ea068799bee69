import { agrees, type Voter, votes } from "./election.ts";
import type { Loss } from "./loss.ts";
import type { Membership } from "./membership.ts";
import { memo } from "./memo.ts";
import type { Announcement } from "./announcement.ts";
import type { Rule, Situation } from "./rule.ts";

/**
 * uWSGI's rule: a node is elected when all nodes heard have the same view and vote for it
 * (PROTOCOL.md, "Votes"). Views go stale, so two may be lord at one instant.
 */
export class Agreement implements Rule {
  #quorum: number;
  #lastsMs: number;
  /** When each member last agreed that this node is to be lord, by uuid, monotonic; oldest first. */
  #agreed = new Map<string, number>();
  readonly #count = memo((view: bigint, choice: Voter, members: Membership, _revision: number) =>
    votes(view, choice, members)
  );

  /**
   * Begins without any agreement.
   *
   * @param options.quorum votes needed for a lord
   * @param options.lastsMs how long a member's vote counts that has not been repeated, in
   * milliseconds; Infinity: for as long as it is a member, as in uWSGI
   */
  constructor({ quorum, lastsMs }: { quorum: number; lastsMs: number }) {
    this.#quorum = quorum;
    this.#lastsMs = lastsMs;
  }

  /** Goes by other settings from now on. */
  reconfigure({ quorum, lastsMs }: { quorum: number; lastsMs: number }): void {
    this.#quorum = quorum;
    this.#lastsMs = lastsMs;
  }

  /**
   * Notes which members agree. Must be called whenever members or this node's choice have changed.
   */
  note({ self, best, checksum, members }: Situation): void {
    const choice = best?.uuid === self.uuid ? best : undefined;
    const agreed: [uuid: string, atMs: number][] = [];
    for (const { uuid, said, heardMs } of members) {
      const repeated = choice !== undefined && agrees(said, checksum, choice);
      const atMs = repeated ? heardMs : this.#agreed.get(uuid);
      if (atMs !== undefined) agreed.push([uuid, atMs]);
    }
    this.#agreed = new Map(agreed.sort(([, a], [, b]) => a - b));
  }

  /** Notes that a member says the same again, and so agrees if it did before. */
  repeated(said: Announcement, { self, best, checksum, nowMs }: Situation): void {
    if (best?.uuid !== self.uuid || !agrees(said, checksum, best)) return;
    this.#agreed.delete(said.uuid);
    this.#agreed.set(said.uuid, nowMs);
  }

  mustRelease(situation: Situation): Loss | undefined {
    const { self, members, nowMs } = situation;
    const present = 1 + members.size;
    if (present < this.#quorum) {
      return { why: `${present} present, ${this.#quorum} needed`, isPlanned: false };
    }
    const elected = this.elected(situation);
    if (elected !== undefined && elected.uuid !== self.uuid) {
      return { why: `${elected.name} is elected`, isPlanned: true };
    }
    if (nowMs >= this.endsMs) {
      const why = `fewer than ${this.#quorum} have agreed with it for ${this.#lastsMs / 1000} s`;
      return { why, isPlanned: false };
    }
  }

  elected(situation: Situation): Voter | undefined {
    const count = this.votes(situation);
    return count > 0 && count >= this.#quorum ? situation.best : undefined;
  }

  votes({ checksum, best, members }: Situation): number {
    return best === undefined ? 0 : this.#count(checksum, best, members, members.revision);
  }

  get endsMs(): number {
    const others = this.#quorum - 1;
    if (others <= 0 || this.#lastsMs === Infinity) return Infinity;
    const older = this.#agreed.size - others;
    if (older < 0) return -Infinity;
    const [atMs] = this.#agreed.values().drop(older);
    return atMs + this.#lastsMs;
  }
}
