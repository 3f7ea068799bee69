import type { Announcement } from "./announcement.ts";
import type { Instant, Outbox } from "./effects.ts";
import type { Voter } from "./election.ts";
import { type Member, Membership } from "./membership.ts";
import type { Notes } from "./notes.ts";
import type { LegionOptions } from "./options.ts";
import { Order } from "./order.ts";
import { screen } from "./screen.ts";

// A process that wakes so late has been stopped: datagrams wait in its socket that tell who is
// there. As a share of the tolerance.
const sleptShare = 0.1;

// How long such a process reads its socket before it takes anybody for gone, in milliseconds.
const readsMs = 100;

// uWSGI keeps the valors of others in 16 bits (PROTOCOL.md, "More of the dialect").
const maxUwsgiValor = 65_535;

/** The things that a roll tells of. */
export interface RollContext {
  /** Takes the lines for the log. */
  readonly out: Outbox;
  /** Called with a node that has joined or left. */
  readonly noticed: (event: "node-joined" | "node-left", node: string) => void;
}

/** The roll of the legion: who comes, who goes, and who goes on under another uuid. */
export class Roll {
  /** The members, without this node. */
  readonly members = new Membership();
  readonly #context: RollContext;
  readonly #order: Order;
  #options: LegionOptions;
  /** The time until which nobody is taken for gone, monotonic. */
  #sparesUntilMs = -Infinity;
  /** The listed nodes that the last process heard. */
  #known: ReadonlySet<string> = new Set();
  /** The time until which one of those that is heard has been there all along, monotonic. */
  #knownUntilMs = -Infinity;

  /** Begins with nobody. */
  constructor(options: LegionOptions, context: RollContext) {
    this.#options = options;
    this.#context = context;
    this.#order = new Order({ ...options, maxLeft: options.maxMembers });
  }

  /** How many senders are remembered, those who have left lately among them. */
  get sendersKnown(): number {
    return this.#order.size;
  }

  /** When somebody may be taken for gone, monotonic; Infinity: there is nobody. */
  get dueMs(): number {
    return Math.max(this.members.quietestMs + this.#options.toleranceMs, this.#sparesUntilMs);
  }

  /**
   * Takes in which listed nodes the last process heard, where this node goes on as the same one: to
   * hear them again is no news (LEASE.md, rule 12).
   */
  remember({ configs }: Pick<Notes, "configs">, nowMs: number): void {
    this.#known = new Set(configs.map(({ node }) => node));
    this.#knownUntilMs = nowMs + this.#options.toleranceMs;
  }

  /** Goes by other options from now on. */
  reconfigure(options: LegionOptions, nowMs: number): void {
    const { toleranceMs } = this.#options;
    // The members cannot have known that they would have to speak more often.
    if (options.toleranceMs < toleranceMs) this.#spare(nowMs + toleranceMs);
    this.#options = options;
    this.#order.reconfigure(options.maxMembers);
  }

  /**
   * Whether an announcement tells this node nothing: a farewell that is said again, or one that is
   * for uWSGI's nodes alone, since others go by `was`.
   */
  isNoNews(said: Announcement): boolean {
    if (!said.dead) return false;
    const isForUwsgi = said.seq === 0 && (this.#options.lease === "on" || this.#order.counts(said));
    return isForUwsgi || this.#order.isDead(said);
  }

  /** Whether the uuid of an announcement is not used any more. */
  isGone(said: Announcement): boolean {
    return this.#order.isDead(said);
  }

  /**
   * Takes in an announcement.
   *
   * @param from its source address, `host:port`
   * @param uuid this node's own
   * @throws DatagramError from `legion` on, and then nothing has changed
   */
  hear(said: Announcement, from: string, uuid: string, now: Instant): void {
    screen(said, { ...this.#options, uuid, members: this.members, wallMs: now.wallMs });
    this.#order.hear(said);
    const former = this.#succeed(said, now);
    if (said.dead) {
      const left = this.members.remove(said) ?? former;
      if (left) this.#tell("node-left", left, "left");
      return this.#order.left(said.uuid, now);
    }
    const joinedMs = former?.joinedMs ?? now.monotonicMs;
    if (!this.members.hear(said, from, { ...now, joinedMs })) return;
    this.#warnOfRank(said);
    const isKnown = now.monotonicMs < this.#knownUntilMs && this.#known.has(said.node);
    if (former === undefined && isKnown) return this.#log(said, `is heard again from ${from}`);
    if (former === undefined) return this.#tell("node-joined", said, `joined from ${from}`);
    // No hooks run: the node has neither left nor joined.
    this.#log(said, said.valor === 0 ? "stands back as an arbiter" : "stands again");
  }

  /**
   * Takes note of how late the process wakes: one that has been stopped takes nobody for gone for a
   * moment.
   *
   * @param lateMs the time since the process wanted to wake, in milliseconds
   */
  woke(lateMs: number, nowMs: number): void {
    const sleptMs = sleptShare * this.#options.toleranceMs;
    if (lateMs >= sleptMs) this.#spare(nowMs + Math.min(readsMs, sleptMs));
  }

  /** Removes and returns the members that have been silent for the tolerance. */
  dropSilent(now: Instant): readonly Member[] {
    if (now.monotonicMs < this.#sparesUntilMs) return [];
    const { toleranceMs } = this.#options;
    const silent = this.members.expire(now.monotonicMs, toleranceMs);
    for (const member of silent) {
      this.#log(member, `was silent for ${toleranceMs / 1000} s: dropped`, "warn");
      this.#context.noticed("node-left", member.name);
      this.#order.left(member.uuid, now);
    }
    return silent;
  }

  /** Notes that this node gives up its own uuid: announcements under it are refused from now on. */
  gaveUp(own: { readonly uuid: string; readonly seq: number }, now: Instant): void {
    this.#order.gaveUp(own, now);
  }

  #spare(untilMs: number): void {
    this.#sparesUntilMs = Math.max(this.#sparesUntilMs, untilMs);
  }

  /** Removes and returns the member that the sender was before, if another uuid speaks for it now. */
  #succeed({ was, uuid }: Announcement, now: Instant): Member | undefined {
    if (was === undefined || was === uuid || this.#order.isDead({ uuid: was })) return undefined;
    const former = this.members.withUuid(was);
    if (former !== undefined) this.members.remove(former.said);
    this.#order.gaveUp({ uuid: was, seq: 0 }, now);
    return former;
  }

  #tell(event: "node-joined" | "node-left", node: Voter, what: string): void {
    this.#log(node, what);
    this.#context.noticed(event, node.name);
  }

  #log({ name, valor, uuid }: Voter, what: string, level: "info" | "warn" = "info"): void {
    this.#context.out.log(level, `${name} ${what} (valor ${valor}, uuid ${uuid})`);
  }

  /** Warns of valors that do what their owner may not expect. */
  #warnOfRank({ name, valor, seq }: Announcement): void {
    const { out } = this.#context;
    const { valor: own } = this.#options;
    if (own > 0 && valor === own) {
      const rank = "the higher uuid is to be lord, and every restart takes another";
      out.log("warn", `${name} has the same valor ${own}: ${rank}; give each node its own valor`);
    }
    if (own > maxUwsgiValor && seq === 0) {
      const limit = `the valor ${own} is above ${maxUwsgiValor}`;
      out.log(
        "warn",
        `${limit}, which ${name} cannot hold if it is a uWSGI node: they never agree`,
      );
    }
  }
}
