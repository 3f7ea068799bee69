import type { Announcement } from "./announcement.ts";
import { type Beginning, beginningOf, beginningText } from "./beginning.ts";
import type { Effect, HooksResult, Instant } from "./effects.ts";
import { forgotten, type Past } from "./notes.ts";
import type { LegionOptions, Reconfigurable } from "./options.ts";
import { type Parts, partsOf } from "./parts.ts";
import type { Reason } from "./reason.ts";
import { type LegionView, viewOf } from "./view.ts";

/**
 * One legion, seen from one of its nodes: a state machine without any I/O. Every method takes the
 * present moment and returns what is to be done now; nothing else comes out. The rules are uWSGI's
 * (PROTOCOL.md, "Life of a node"), without the shortcomings listed there; who is lord is decided by
 * the lease where that can be (LEASE.md, rule 1). A step changes the part that it concerns
 * (`parts.ts`), and `#settle` brings all others into line.
 */
export class Legion {
  #options: LegionOptions;
  readonly #parts: Parts;
  /** When this node asked to be woken, monotonic. */
  #wakeMs = Infinity;
  /** This node's state, as text, when a change was told last. */
  #told = "";

  /** Takes the first uuid of `options.newUuid`. Nothing happens before {@link Legion.start}. */
  constructor(options: LegionOptions) {
    this.#options = options;
    this.#parts = partsOf(options);
  }

  /**
   * Begins with the setup hooks. Must be called once, before anything else but `tell`. A node that
   * goes on as the same one takes part at once, while they run (LEASE.md, rule 12).
   *
   * @param past the things known of the process before this one
   */
  start(now: Instant, past: Past = forgotten): Effect[] {
    const { out, ballot, standing, identity, life } = this.#parts;
    const { monotonicMs } = now;
    const beginning = beginningOf(past, this.#options, identity.self, monotonicMs);
    identity.begin(beginning, now);
    out.log("info", beginningText(beginning, this.#options));
    standing.begin(beginning, monotonicMs);
    ballot.begin(beginning, now);
    life.begin();
    if (beginning.isResumed) this.#goOn(beginning, now);
    return this.#settle(now);
  }

  /**
   * Takes in an announcement heard from a peer at `from` (`host:port`).
   *
   * @throws DatagramError from `legion` on, and then nothing has changed
   */
  heard(said: Announcement, from: string, now: Instant): Effect[] {
    const { roll, ballot, identity, life } = this.#parts;
    if (life.phase === "gone" || this.#isOwn(said)) return [];
    if (roll.isNoNews(said)) return [];
    roll.hear(said, from, identity.self.uuid, now);
    this.#wakeUp(now);
    ballot.heard(said, now);
    return this.#settle(now);
  }

  /**
   * Must be called when a time asked for with `wakeAt` has come; at any other time a call does no
   * harm.
   */
  tick(now: Instant): Effect[] {
    return this.#parts.life.phase === "gone" ? [] : this.#settle(now);
  }

  /** Must be called when the hooks asked for with `runHooks` have ended, aborted ones as well. */
  hooksEnded({ event, ok }: HooksResult, now: Instant): Effect[] {
    const { hooks, lordship, life } = this.#parts;
    if (life.phase === "gone") return [];
    hooks.ended();
    if (event === "setup" && life.phase === "setting up") this.#comeIn(now);
    if (event === "lord") this.#tookOver(ok, now);
    if (event === "unlord") lordship.forget();
    if (event === "death" && life.phase === "dying") life.leave();
    return this.#settle(now);
  }

  /**
   * Takes in the reasons that the node has to stand back; empty: none. A node that stands back gives
   * the title back, and goes on as an arbiter until told otherwise. May be called before the start.
   */
  tell(reasons: readonly Reason[], now: Instant): Effect[] {
    const { standing, life } = this.#parts;
    standing.tell(reasons);
    return life.phase === "setting up" || life.phase === "gone" ? [] : this.#settle(now);
  }

  /**
   * Lets a node that holds back take its own valor at once, even if that takes the title from a
   * lord.
   */
  promote(now: Instant): Effect[] {
    const { standing, life } = this.#parts;
    if (life.phase === "gone") return [];
    standing.promote();
    return this.#settle(now);
  }

  /**
   * Goes by other options from now on. A lord stays lord as long as the new ones allow; promises
   * that have been given hold.
   */
  reconfigure(changed: Reconfigurable, now: Instant): Effect[] {
    const { roll, ballot, speaker, standing, life } = this.#parts;
    if (life.phase === "gone") return [];
    this.#options = { ...this.#options, ...changed };
    speaker.reconfigure(this.#options);
    roll.reconfigure(this.#options, now.monotonicMs);
    standing.reconfigure(this.#options);
    ballot.reconfigure(this.#options, now.monotonicMs);
    return this.#settle(now);
  }

  /**
   * Ends without taking leave: the next process of this node goes on as the same one (LEASE.md, rule
   * 12). Hooks that run are aborted. A node that stops already goes on stopping.
   */
  halt(now: Instant): Effect[] {
    const { out, hooks, noteTaker, life } = this.#parts;
    if (life.isStopping) return [];
    hooks.clear();
    if (hooks.running !== undefined) out.do({ type: "abortHooks" });
    noteTaker.end("restart");
    this.#takeNotes(now);
    out.log("info", "ends without taking leave, to be started again");
    life.begone();
    return out.take();
  }

  /** Ends with the death hooks and the farewells. A second call skips the death hooks. */
  stop(now: Instant): Effect[] {
    const { life } = this.#parts;
    if (life.phase === "gone") return [];
    life.stop();
    return this.#settle(now);
  }

  /**
   * The time until which this node is lord if nothing happens, monotonic; -Infinity: not lord. A
   * lord's hooks have ended, it has not lost the title since, and it does not stop. The clock
   * decides: a process that was stopped past this time is no lord when it wakes (LEASE.md, rule 7).
   */
  get lordUntilMs(): number {
    const { lordship, ballot, life } = this.#parts;
    const isLord = lordship.state === "lord" && life.phase === "voting";
    return isLord ? ballot.endsMs : -Infinity;
  }

  /**
   * The time until which this node may take over or be lord if nothing happens, monotonic;
   * -Infinity: neither.
   */
  get claimUntilMs(): number {
    const { lordship, ballot, life } = this.#parts;
    const claims = lordship.state === "taking over" && life.phase === "voting";
    return claims ? ballot.endsMs : this.lordUntilMs;
  }

  /**
   * Whether this node is to be lord, if all start together: it knows of all other listed nodes, by
   * its notes even before it hears them, that they had a lower rank.
   */
  get isHighest(): boolean {
    return this.#parts.outlook.isHighest;
  }

  /** The reasons for which this node stands back (LEASE.md, rule 11); empty: it stands. */
  get reasons(): readonly Reason[] {
    return this.#parts.identity.reasons;
  }

  /** The legion as it stands. */
  view(): LegionView {
    return viewOf(this.#parts, this.lordUntilMs);
  }

  /** Whether this node said it: under its own uuid, or one that it has given up. */
  #isOwn(said: Announcement): boolean {
    const { roll, identity: { self } } = this.#parts;
    const isSameProcess = said.name === self.name && said.pid === this.#options.pid;
    return isSameProcess && (said.uuid === self.uuid || roll.isGone(said));
  }

  /** Takes note of the moment at which the process wakes. */
  #wakeUp({ monotonicMs }: Instant): void {
    this.#parts.roll.woke(monotonicMs - this.#wakeMs, monotonicMs);
    this.#wakeMs = Infinity;
  }

  /** Brings everything into line with the present moment: the last step of every method. */
  #settle(now: Instant): Effect[] {
    const { out, roll, outlook, ballot, identity, life } = this.#parts;
    this.#wakeUp(now);
    outlook.silent(roll.dropSilent(now), now.monotonicMs);
    this.#endPhase(now);
    ballot.look(now);
    if (life.isIn) identity.heed(now);
    if (life.votes) ballot.settle(now, { stopping: life.isStopping });
    else ballot.close();
    this.#takeNotes(now);
    this.#runHooks();
    this.#announce(now);
    this.#tellChange();
    this.#wakeMs = this.#nextMs(now);
    out.do({ type: "wakeAt", monotonicMs: this.#wakeMs });
    return out.take();
  }

  #tellChange(): void {
    const { out, lordship, roll, ballot, identity, life } = this.#parts;
    const own = `${identity.self.uuid} ${life.phase} ${lordship.state}`;
    const state = `${own} ${ballot.candidate?.uuid} ${roll.members.revision}`;
    if (state === this.#told) return;
    this.#told = state;
    out.do({ type: "changed" });
  }

  #endPhase(now: Instant): void {
    const { outlook, life } = this.#parts;
    const isOver = life.phase === "listening" && outlook.isDecided;
    if (now.monotonicMs >= life.endsMs || isOver) life.vote();
  }

  /** Comes in for the first time. */
  #comeIn(now: Instant): void {
    this.#parts.identity.comeIn(now);
    this.#listen(now);
  }

  /** Goes on as the same node as the last process. */
  #goOn({ notes, claims }: Beginning, now: Instant): void {
    const { lordship, roll, life } = this.#parts;
    roll.remember(notes!, now.monotonicMs);
    this.#listen(now);
    lordship.resume(notes!.lordship);
    if (claims) life.vote();
  }

  #listen({ monotonicMs }: Instant): void {
    this.#parts.life.listen(monotonicMs + this.#options.freqMs);
  }

  #tookOver(ok: boolean, now: Instant): void {
    const { out, lordship, ballot, standing, life } = this.#parts;
    if (lordship.state !== "taking over" || life.phase !== "voting") return;
    const { deathOnLordErrorMs } = this.#options;
    if (!ok && deathOnLordErrorMs > 0) {
      lordship.forget();
      return standing.hookFailed(now.monotonicMs);
    }
    if (!ok) out.log("warn", "a lord hook failed, and legion-death-on-lord-error is not set");
    // The process may have slept, and its lease run out meanwhile.
    if (!ballot.mayBeLord(now)) return;
    lordship.taken(now);
    standing.isLord();
  }

  #takeNotes({ monotonicMs }: Instant): void {
    const { out, noteTaker, identity } = this.#parts;
    const notes = noteTaker.take(identity.self, this.#options, monotonicMs);
    if (notes !== undefined) out.do({ type: "note", notes });
  }

  #runHooks(): void {
    const { out, hooks, ballot } = this.#parts;
    const call = hooks.next();
    if (call === undefined) return;
    const stopOnError = call.event === "lord" && this.#options.deathOnLordErrorMs > 0;
    out.do({ type: "runHooks", call, lord: ballot.elected?.name ?? "", stopOnError });
  }

  #announce(now: Instant): void {
    const { out, outlook, ballot, speaker, life } = this.#parts;
    const announcements = speaker.speak(now);
    const [own] = announcements;
    if (own !== undefined) ballot.sent(own.seq, now.monotonicMs);
    const also = outlook.unlisted;
    for (const announcement of announcements) out.do({ type: "announce", announcement, also });
    if (life.phase === "leaving" && speaker.silent) life.begone();
  }

  #nextMs({ monotonicMs: nowMs }: Instant): number {
    const { roll, ballot, speaker, standing, life } = this.#parts;
    return Math.min(
      speaker.dueMs(),
      life.endsMs,
      life.isIn ? standing.dueMs(nowMs) : Infinity,
      roll.dueMs,
      ballot.dueMs(nowMs, { stopping: life.isStopping }),
    );
  }
}
