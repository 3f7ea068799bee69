import type { Announcement } from "./announcement.ts";
import { Ballot } from "./ballot.ts";
import { type Beginning, beginningOf, beginningText } from "./beginning.ts";
import { type Effect, type HooksResult, type Instant, Outbox } from "./effects.ts";
import { HookQueue } from "./hook_queue.ts";
import { Identity } from "./identity.ts";
import { Life } from "./life.ts";
import { Lordship } from "./lordship.ts";
import { forgotten, type Past } from "./notes.ts";
import { NoteTaker } from "./note_taker.ts";
import type { LegionOptions, Reconfigurable } from "./options.ts";
import type { Reason } from "./reason.ts";
import { Outlook } from "./outlook.ts";
import { Roll } from "./roll.ts";
import { Speaker } from "./speaker.ts";
import { Standing } from "./standing.ts";
import type { LegionView } from "./view.ts";

/**
 * One legion, seen from one of its nodes: a state machine without any I/O. Every method takes the
 * present moment and returns what is to be done now; nothing else comes out. The rules are uWSGI's
 * (PROTOCOL.md, "Life of a node"), without the shortcomings listed there; who is lord is decided by
 * the lease where that can be (LEASE.md, rule 1). A step changes the part that it concerns, and
 * `#settle` brings all others into line.
 */
export class Legion {
  #options: LegionOptions;
  readonly #out = new Outbox();
  readonly #hooks = new HookQueue();
  readonly #lordship: Lordship;
  readonly #roll: Roll;
  readonly #outlook: Outlook;
  readonly #ballot: Ballot;
  readonly #speaker: Speaker;
  readonly #standing: Standing;
  readonly #noteTaker: NoteTaker;
  readonly #identity: Identity;
  readonly #life: Life;
  /** When this node asked to be woken, monotonic. */
  #wakeMs = Infinity;
  /** This node's state, as text, when a change was told last. */
  #told = "";

  /** Takes the first uuid of `options.newUuid`. Nothing happens before {@link Legion.start}. */
  constructor(options: LegionOptions) {
    this.#options = options;
    this.#standing = new Standing(options);
    const self = { valor: options.valor, name: options.name, uuid: options.newUuid() };
    this.#lordship = new Lordship(this.#hooks, this.#out, options.name);
    this.#roll = new Roll(options, {
      out: this.#out,
      // After the death hooks no others begin.
      noticed: (event, node) => this.#life.isStopping || this.#hooks.add({ event, node }),
    });
    const { members } = this.#roll;
    const seen = { options, members, lordship: this.#lordship, out: this.#out };
    this.#outlook = new Outlook(self, seen);
    this.#ballot = new Ballot(self, {
      options,
      outlook: this.#outlook,
      lordship: this.#lordship,
      out: this.#out,
      firstElection: () => this.#hooks.add({ event: "join", node: options.name }),
      lostQuorum: (nowMs) => this.#standing.lostQuorum(nowMs),
    });
    const context = {
      members,
      lordship: this.#lordship,
      ballot: this.#ballot,
      outlook: this.#outlook,
    };
    this.#speaker = new Speaker(self, options, context);
    this.#noteTaker = new NoteTaker({
      ...context,
      standing: this.#standing,
      speaker: this.#speaker,
    });
    this.#identity = new Identity(self, options, {
      ...context,
      standing: this.#standing,
      roll: this.#roll,
      speaker: this.#speaker,
      out: this.#out,
    });
    this.#life = new Life(options.name, {
      hooks: this.#hooks,
      lordship: this.#lordship,
      speaker: this.#speaker,
      noteTaker: this.#noteTaker,
      out: this.#out,
    });
  }

  /**
   * Begins with the setup hooks. Must be called once, before anything else but `tell`. A node that
   * goes on as the same one takes part at once, while they run (LEASE.md, rule 12).
   *
   * @param past the things known of the process before this one
   */
  start(now: Instant, past: Past = forgotten): Effect[] {
    const { monotonicMs } = now;
    const beginning = beginningOf(past, this.#options, this.#identity.self, monotonicMs);
    this.#identity.begin(beginning, now);
    this.#out.log("info", beginningText(beginning, this.#options));
    this.#standing.begin(beginning, monotonicMs);
    this.#ballot.begin(beginning, now);
    this.#life.begin();
    if (beginning.isResumed) this.#goOn(beginning, now);
    return this.#settle(now);
  }

  /**
   * Takes in an announcement heard from a peer at `from` (`host:port`).
   *
   * @throws DatagramError from `legion` on, and then nothing has changed
   */
  heard(said: Announcement, from: string, now: Instant): Effect[] {
    if (this.#life.phase === "gone" || this.#isOwn(said)) return [];
    if (this.#roll.isNoNews(said)) return [];
    this.#roll.hear(said, from, this.#identity.self.uuid, now);
    this.#wakeUp(now);
    this.#ballot.heard(said, now);
    return this.#settle(now);
  }

  /**
   * Must be called when a time asked for with `wakeAt` has come; at any other time a call does no
   * harm.
   */
  tick(now: Instant): Effect[] {
    return this.#life.phase === "gone" ? [] : this.#settle(now);
  }

  /** Must be called when the hooks asked for with `runHooks` have ended, aborted ones as well. */
  hooksEnded({ event, ok }: HooksResult, now: Instant): Effect[] {
    if (this.#life.phase === "gone") return [];
    this.#hooks.ended();
    if (event === "setup" && this.#life.phase === "setting up") this.#comeIn(now);
    if (event === "lord") this.#tookOver(ok, now);
    if (event === "unlord") this.#lordship.forget();
    if (event === "death" && this.#life.phase === "dying") this.#life.leave();
    return this.#settle(now);
  }

  /**
   * Takes in the reasons that the node has to stand back; empty: none. A node that stands back gives
   * the title back, and goes on as an arbiter until told otherwise. May be called before the start.
   */
  tell(reasons: readonly Reason[], now: Instant): Effect[] {
    this.#standing.tell(reasons);
    const { phase } = this.#life;
    return phase === "setting up" || phase === "gone" ? [] : this.#settle(now);
  }

  /**
   * Lets a node that holds back take its own valor at once, even if that takes the title from a
   * lord.
   */
  promote(now: Instant): Effect[] {
    if (this.#life.phase === "gone") return [];
    this.#standing.promote();
    return this.#settle(now);
  }

  /**
   * Goes by other options from now on. A lord stays lord as long as the new ones allow; promises
   * that have been given hold.
   */
  reconfigure(changed: Reconfigurable, now: Instant): Effect[] {
    if (this.#life.phase === "gone") return [];
    this.#options = { ...this.#options, ...changed };
    this.#speaker.reconfigure(this.#options);
    this.#roll.reconfigure(this.#options, now.monotonicMs);
    this.#standing.reconfigure(this.#options);
    this.#ballot.reconfigure(this.#options, now.monotonicMs);
    return this.#settle(now);
  }

  /**
   * Ends without taking leave: the next process of this node goes on as the same one (LEASE.md, rule
   * 12). Hooks that run are aborted. A node that stops already goes on stopping.
   */
  halt(now: Instant): Effect[] {
    if (this.#life.isStopping) return [];
    this.#hooks.clear();
    if (this.#hooks.running !== undefined) this.#out.do({ type: "abortHooks" });
    this.#noteTaker.end("restart");
    this.#takeNotes(now);
    this.#out.log("info", "ends without taking leave, to be started again");
    this.#life.begone();
    return this.#out.take();
  }

  /** Ends with the death hooks and the farewells. A second call skips the death hooks. */
  stop(now: Instant): Effect[] {
    if (this.#life.phase === "gone") return [];
    this.#life.stop();
    return this.#settle(now);
  }

  /**
   * The time until which this node is lord if nothing happens, monotonic; -Infinity: not lord. A
   * lord's hooks have ended, it has not lost the title since, and it does not stop. The clock
   * decides: a process that was stopped past this time is no lord when it wakes (LEASE.md, rule 7).
   */
  get lordUntilMs(): number {
    const isLord = this.#lordship.state === "lord" && this.#life.phase === "voting";
    return isLord ? this.#ballot.endsMs : -Infinity;
  }

  /**
   * The time until which this node may take over or be lord if nothing happens, monotonic;
   * -Infinity: neither.
   */
  get claimUntilMs(): number {
    const claims = this.#lordship.state === "taking over" && this.#life.phase === "voting";
    return claims ? this.#ballot.endsMs : this.lordUntilMs;
  }

  /**
   * Whether this node is to be lord, if all start together: it knows of all other listed nodes, by
   * its notes even before it hears them, that they had a lower rank.
   */
  get isHighest(): boolean {
    return this.#outlook.isHighest;
  }

  /** The reasons for which this node stands back (LEASE.md, rule 11); empty: it stands. */
  get reasons(): readonly Reason[] {
    return this.#identity.reasons;
  }

  /** The legion as it stands. */
  view(): LegionView {
    return {
      uuid: this.#identity.self.uuid,
      phase: this.#life.phase,
      lordship: this.#lordship.state,
      isResuming: this.#lordship.waits,
      lordSince: this.#lordship.since,
      lordUntilMs: this.lordUntilMs,
      checksum: this.#ballot.checksum,
      candidate: this.#ballot.candidate,
      votes: this.#ballot.votes,
      present: this.#outlook.present,
      elected: this.#ballot.elected,
      guarantee: this.#outlook.guarantee,
      leased: this.#outlook.leased,
      support: this.#ballot.support?.uuid,
      endsMs: this.#ballot.endsMs,
      listensUntilMs: this.#ballot.listensUntilMs,
      phaseEndsMs: this.#life.endsMs,
      valor: this.#identity.self.valor,
      reasons: this.reasons,
      members: [...this.#roll.members],
      rivals: this.#outlook.rivals,
      doubles: this.#outlook.doubles,
      sendersKnown: this.#roll.sendersKnown,
    };
  }

  /** Whether this node said it: under its own uuid, or one that it has given up. */
  #isOwn(said: Announcement): boolean {
    const { self } = this.#identity;
    const isSameProcess = said.name === self.name && said.pid === this.#options.pid;
    return isSameProcess && (said.uuid === self.uuid || this.#roll.isGone(said));
  }

  /** Takes note of the moment at which the process wakes. */
  #wakeUp({ monotonicMs }: Instant): void {
    this.#roll.woke(monotonicMs - this.#wakeMs, monotonicMs);
    this.#wakeMs = Infinity;
  }

  /** Brings everything into line with the present moment: the last step of every method. */
  #settle(now: Instant): Effect[] {
    this.#wakeUp(now);
    this.#outlook.silent(this.#roll.dropSilent(now), now.monotonicMs);
    this.#endPhase(now);
    this.#ballot.look(now);
    if (this.#life.isIn) this.#identity.heed(now);
    if (this.#life.votes) this.#ballot.settle(now, { stopping: this.#life.isStopping });
    else this.#ballot.close();
    this.#takeNotes(now);
    this.#runHooks();
    this.#announce(now);
    this.#tellChange();
    this.#wakeMs = this.#nextMs(now);
    this.#out.do({ type: "wakeAt", monotonicMs: this.#wakeMs });
    return this.#out.take();
  }

  #tellChange(): void {
    const own = `${this.#identity.self.uuid} ${this.#life.phase} ${this.#lordship.state}`;
    const state = `${own} ${this.#ballot.candidate?.uuid} ${this.#roll.members.revision}`;
    if (state === this.#told) return;
    this.#told = state;
    this.#out.do({ type: "changed" });
  }

  #endPhase(now: Instant): void {
    const isOver = this.#life.phase === "listening" && this.#outlook.isDecided;
    if (now.monotonicMs >= this.#life.endsMs || isOver) this.#life.vote();
  }

  /** Comes in for the first time. */
  #comeIn(now: Instant): void {
    this.#identity.comeIn(now);
    this.#listen(now);
  }

  /** Goes on as the same node as the last process. */
  #goOn({ notes, claims }: Beginning, now: Instant): void {
    this.#roll.remember(notes!, now.monotonicMs);
    this.#listen(now);
    this.#lordship.resume(notes!.lordship);
    if (claims) this.#life.vote();
  }

  #listen({ monotonicMs }: Instant): void {
    this.#life.listen(monotonicMs + this.#options.freqMs);
  }

  #tookOver(ok: boolean, now: Instant): void {
    if (this.#lordship.state !== "taking over" || this.#life.phase !== "voting") return;
    const { deathOnLordErrorMs } = this.#options;
    if (!ok && deathOnLordErrorMs > 0) {
      this.#lordship.forget();
      return this.#standing.hookFailed(now.monotonicMs);
    }
    if (!ok) this.#out.log("warn", "a lord hook failed, and legion-death-on-lord-error is not set");
    // The process may have slept, and its lease run out meanwhile.
    if (!this.#ballot.mayBeLord(now)) return;
    this.#lordship.taken(now);
    this.#standing.isLord();
  }

  #takeNotes({ monotonicMs }: Instant): void {
    const notes = this.#noteTaker.take(this.#identity.self, this.#options, monotonicMs);
    if (notes !== undefined) this.#out.do({ type: "note", notes });
  }

  #runHooks(): void {
    const call = this.#hooks.next();
    if (call === undefined) return;
    const stopOnError = call.event === "lord" && this.#options.deathOnLordErrorMs > 0;
    this.#out.do({ type: "runHooks", call, lord: this.#ballot.elected?.name ?? "", stopOnError });
  }

  #announce(now: Instant): void {
    const announcements = this.#speaker.speak(now);
    const [own] = announcements;
    if (own !== undefined) this.#ballot.sent(own.seq, now.monotonicMs);
    const also = this.#outlook.unlisted;
    for (const announcement of announcements) {
      this.#out.do({ type: "announce", announcement, also });
    }
    if (this.#life.phase === "leaving" && this.#speaker.silent) this.#life.begone();
  }

  #nextMs({ monotonicMs: nowMs }: Instant): number {
    return Math.min(
      this.#speaker.dueMs(),
      this.#life.endsMs,
      this.#life.isIn ? this.#standing.dueMs(nowMs) : Infinity,
      this.#roll.dueMs,
      this.#ballot.dueMs(nowMs, { stopping: this.#life.isStopping }),
    );
  }
}
