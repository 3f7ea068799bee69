import type { Announcement } from "./announcement.ts";
import { configMark } from "./config_mark.ts";
import { ConfigsHeard, type Heard } from "./configs_heard.ts";
import type { Outbox } from "./effects.ts";
import { type Guarantee, guaranteeOf, guaranteeText } from "./guarantee.ts";
import type { Member, Membership } from "./membership.ts";
import type { Notes } from "./notes.ts";
import type { LegionOptions } from "./options.ts";
import type { Voters } from "./voters.ts";

/** The legion as it is seen now, for what can be said of it. */
export interface AssuranceFacts {
  /** The options of the legion. */
  readonly options: LegionOptions;
  /** All other nodes that are heard. */
  readonly members: Membership;
  /** The listed nodes among them. */
  readonly voters: Voters;
}

/**
 * The things that a node says of the election: the guarantee, and the mark of its list and quorum
 * (LEASE.md, rule 10). Who decides is another thing.
 */
export class Assurance {
  readonly #out: Outbox;
  readonly #configs = new ConfigsHeard();
  /** Since when this node has its list and quorum, monotonic. */
  #sinceMs = -Infinity;
  #guarantee: Guarantee = {
    kind: "none",
    why: "it has not started",
    isPending: true,
    untilMs: Infinity,
  };
  /** The line of the log that told the guarantee last. */
  #told = "";

  /** Assures of nothing before {@link Assurance.look}. */
  constructor(out: Outbox) {
    this.#out = out;
  }

  /** Goes on with what the last process of this node had heard (LEASE.md, rule 12). */
  remember(noted: Pick<Notes, "configs" | "doubles">): void {
    this.#configs.remember(noted);
  }

  /** The lists and quorums heard, as far as others ask for them. */
  get heardConfigs(): Pick<ConfigsHeard, "noted" | "revision" | "doubles" | "isBelow"> {
    return this.#configs;
  }

  /** Takes note that this node has another list or quorum from now on. */
  changed(nowMs: number): void {
    this.#sinceMs = nowMs;
  }

  /** The guarantee that this node gives now. */
  get guarantee(): Guarantee {
    return this.#guarantee;
  }

  /** The longest time that another node's promise was heard to bind, in milliseconds. */
  get longestMs(): number {
    return this.#configs.longestMs;
  }

  /** The nodes that may be two processes, `host:port`. */
  get doubled(): readonly string[] {
    return this.#configs.doubled;
  }

  /**
   * The mark of this node's list and quorum, as it is announced; empty: nothing can be said of the
   * lease where this node counts. A node that may be two processes says so to those that hear only
   * one of the two (LEASE.md, rule 2).
   */
  mark({ voters, quorum, node = "" }: LegionOptions, rivals: Voters["rivals"]): string {
    const isDoubled = this.doubled.includes(node) || rivals.some((rival) => rival.node === node);
    return voters.length === 0 || isDoubled ? "" : configMark(voters, quorum);
  }

  /** Takes in what a member said. */
  heard({ uuid, was, dead }: Announcement): void {
    if (was !== undefined) this.#configs.renewed(was, uuid);
    if (dead) this.#configs.gone(uuid);
  }

  /**
   * Takes in that members have been silent for a tolerance, and were dropped.
   *
   * @param dropped those members
   * @param self this node
   * @param members the members that are left
   */
  silent(dropped: readonly Member[], self: Heard, members: Iterable<Member>): void {
    if (dropped.length === 0) return;
    const heard = [...members, ...dropped].map((one) => ({ ...one, node: one.said.node }));
    for (const one of dropped) this.#configs.silent(one, [self, ...heard]);
  }

  /** Works out what can be said, and tells it where that is news. */
  look({ options, members, voters }: AssuranceFacts, nowMs: number): void {
    this.#configs.note(voters, options.voters, nowMs);
    const sinceMs = this.#sinceMs;
    const facts = { options, members, voters, configs: this.#configs, sinceMs, nowMs };
    this.#guarantee = guaranteeOf(facts);
    const line = guaranteeText(this.#guarantee);
    if (line !== this.#told) this.#out.log("info", line);
    this.#told = line;
  }
}
