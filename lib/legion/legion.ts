import type { Announcement } from "./announcement.ts";
import { Ballot } from "./ballot.ts";
import { type Effect, type HooksResult, type Instant, Outbox } from "./effects.ts";
import type { Voter } from "./election.ts";
import { Failback } from "./failback.ts";
import { Fitness, type Unfitness, unfitnessText } from "./fitness.ts";
import { HookQueue } from "./hook_queue.ts";
import { Lordship } from "./lordship.ts";
import { Membership } from "./membership.ts";
import type { LegionOptions, Reconfigurable } from "./options.ts";
import { Order } from "./order.ts";
import { farewellMs } from "./pace.ts";
import { screen } from "./screen.ts";
import { Speaker } from "./speaker.ts";
import { Tolerance } from "./tolerance.ts";
import type { LegionView, Phase } from "./view.ts";

/**
 * One legion, seen from one of its nodes: a state machine without any I/O. Every method takes the
 * present moment and returns what is to be done now; nothing else comes out. The rules are uWSGI's
 * (PROTOCOL.md, "Life of a node"), without the shortcomings listed there; who is lord is decided by
 * the lease where that can be (LEASE.md, rule 1). One file, since every method reads and changes the
 * same state.
 */
export class Legion {
  #options: LegionOptions;
  readonly #members = new Membership();
  readonly #out = new Outbox();
  readonly #hooks = new HookQueue();
  readonly #lordship: Lordship;
  readonly #order: Order;
  readonly #ballot: Ballot;
  readonly #speaker: Speaker;
  readonly #fitness: Fitness;
  readonly #failback: Failback;
  readonly #tolerance: Tolerance;
  #self: Voter;
  #unfitness?: Unfitness;
  #phase: Phase = "setting up";
  /** When the phase ends by itself, monotonic. */
  #phaseEndsMs = Infinity;
  /** This node takes part in the election. */
  #votes = false;
  /** The node's standing, as text, when a change was told last. */
  #standing = "";

  /** Takes the first uuid of `options.newUuid`. Nothing happens before {@link Legion.start}. */
  constructor(options: LegionOptions) {
    this.#options = options;
    this.#fitness = new Fitness(options.flap);
    this.#failback = new Failback(options);
    const valor = this.#failback.begin(0);
    this.#self = { valor, name: options.name, uuid: options.newUuid() };
    this.#lordship = new Lordship(this.#hooks, this.#out, options.name);
    this.#tolerance = new Tolerance(options.toleranceMs);
    this.#order = new Order({ ...options, maxLeft: options.maxMembers });
    this.#ballot = new Ballot(this.#self, {
      options,
      members: this.#members,
      lordship: this.#lordship,
      out: this.#out,
      firstElection: () => this.#hooks.add({ event: "join", node: options.name }),
      lost: (nowMs) => this.#fitness.lost(nowMs),
    });
    const context = { members: this.#members, lordship: this.#lordship, ballot: this.#ballot };
    this.#speaker = new Speaker(this.#self, options, context);
  }

  /** Begins with the setup hooks. Must be called once, before anything else but `tell`. */
  start(now: Instant): Effect[] {
    const { valor, quorum } = this.#options;
    const rank = valor === 0 ? "an arbiter (valor 0)" : `valor ${valor}`;
    this.#out.log("info", `started as ${rank}, quorum ${quorum}, uuid ${this.#self.uuid}`);
    if (this.#self.valor < valor) this.#out.log("info", "holds back as an arbiter at first");
    this.#ballot.begin(now.monotonicMs);
    this.#failback.begin(now.monotonicMs);
    this.#hooks.add({ event: "setup", node: this.#self.name });
    return this.#settle(now);
  }

  /**
   * Takes in an announcement heard from a peer at `from` (`host:port`).
   *
   * @throws DatagramError from `legion` on, and then nothing has changed
   */
  heard(said: Announcement, from: string, now: Instant): Effect[] {
    if (this.#phase === "gone" || this.#isOwn(said)) return [];
    // A farewell is said more than once: a repeated one is neither news nor an error.
    if (said.dead && this.#order.isDead(said)) return [];
    screen(said, { ...this.#options, members: this.#members, wallMs: now.wallMs });
    this.#order.hear(said);
    if (said.dead) {
      const left = this.#members.remove(said);
      if (left) this.#noticed("node-left", left, "left");
      this.#order.left(said.uuid, now);
    } else {
      const isNew = this.#members.hear(said, from, now.monotonicMs, now.wallMs);
      if (isNew) this.#noticed("node-joined", said, `joined from ${from}`);
    }
    this.#ballot.heard(said, from, now);
    return this.#settle(now);
  }

  /**
   * Must be called when a time asked for with `wakeAt` has come; at any other time a call does no
   * harm.
   */
  tick(now: Instant): Effect[] {
    return this.#phase === "gone" ? [] : this.#settle(now);
  }

  /** Must be called when the hooks asked for with `runHooks` have ended, aborted ones as well. */
  hooksEnded({ event, ok }: HooksResult, now: Instant): Effect[] {
    if (this.#phase === "gone") return [];
    this.#hooks.ended();
    if (event === "setup" && this.#phase === "setting up") this.#comeIn(now);
    if (event === "lord") this.#tookOver(ok, now);
    if (event === "unlord") this.#lordship.forget();
    if (event === "death" && this.#phase === "dying") this.#leave();
    return this.#settle(now);
  }

  /**
   * Takes in the reason why this node may not be lord; undefined: none. An unfit node gives the
   * title back and stays out of the legion until told otherwise. May be called before the start.
   */
  tell(unfitness: Unfitness | undefined, now: Instant): Effect[] {
    this.#fitness.tell(unfitness);
    const isAsleep = this.#phase === "setting up" || this.#phase === "gone";
    return isAsleep ? [] : this.#settle(now);
  }

  /**
   * Lets a node that holds back take its own valor at once, even if that takes the title from a
   * lord.
   */
  promote(now: Instant): Effect[] {
    if (this.#phase === "gone") return [];
    this.#failback.promote();
    return this.#settle(now);
  }

  /**
   * Goes by other options from now on. A lord stays lord as long as the new ones allow. A changed
   * tolerance takes effect by and by: all nodes need to have it first ({@link Tolerance}).
   */
  reconfigure(changed: Reconfigurable, now: Instant): Effect[] {
    if (this.#phase === "gone") return [];
    this.#options = { ...this.#options, ...changed };
    const changes = this.#tolerance.change(changed.toleranceMs, now.monotonicMs);
    if (changes) this.#out.log("info", this.#tolerance.describe(now.monotonicMs));
    this.#speaker.reconfigure(this.#options);
    this.#order.reconfigure(changed.maxMembers);
    this.#failback.reconfigure(this.#options);
    this.#fitness.reconfigure(changed.flap);
    this.#ballot.reconfigure(this.#options, this.#tolerance, now.monotonicMs);
    return this.#settle(now);
  }

  /** Ends with the death hooks and the farewells. A second call skips the death hooks. */
  stop(now: Instant): Effect[] {
    if (this.#phase === "gone") return [];
    const again = this.#isStopping;
    // The unlord hooks give something back: the first time they may finish.
    const spared = again ? undefined : "unlord";
    this.#hooks.clear(spared);
    const running = this.#hooks.running?.event;
    if (running !== undefined && running !== spared) this.#out.do({ type: "abortHooks" });
    if (this.#phase === "dying") {
      this.#leave();
    } else if (!again) {
      this.#out.log("info", "stopping");
      this.#phase = "dying";
      this.#phaseEndsMs = Infinity;
      this.#hooks.add({ event: "death", node: this.#self.name });
    }
    return this.#settle(now);
  }

  /**
   * The time until which this node is lord if nothing happens, monotonic; -Infinity: not lord. A
   * lord's hooks have ended, it has not lost the title since, and it does not stop. The clock
   * decides: a process that was stopped past this time is no lord when it wakes (LEASE.md, rule 7).
   */
  get lordUntilMs(): number {
    const isLord = this.#lordship.state === "lord" && this.#phase === "voting";
    return isLord ? this.#ballot.endsMs : -Infinity;
  }

  /**
   * The time until which this node may take over or be lord if nothing happens, monotonic;
   * -Infinity: neither.
   */
  get claimUntilMs(): number {
    const claims = this.#lordship.state === "taking over" && this.#phase === "voting";
    return claims ? this.#ballot.endsMs : this.lordUntilMs;
  }

  /** The legion as it stands. */
  view(): LegionView {
    return {
      uuid: this.#self.uuid,
      phase: this.#phase,
      lordship: this.#lordship.state,
      lordSince: this.#lordship.since,
      lordUntilMs: this.lordUntilMs,
      checksum: this.#ballot.checksum,
      candidate: this.#ballot.candidate,
      votes: this.#ballot.votes,
      elected: this.#ballot.elected,
      guarantee: this.#ballot.guarantee,
      support: this.#ballot.support?.uuid,
      endsMs: this.#ballot.endsMs,
      listensUntilMs: this.#ballot.listensUntilMs,
      phaseEndsMs: this.#phaseEndsMs,
      valor: this.#self.valor,
      unfitness: this.#unfitness,
      holdsBackUntilMs: this.#self.valor < this.#options.valor ? this.#failback.untilMs : undefined,
      members: [...this.#members],
      sendersKnown: this.#order.size,
    };
  }

  get #isStopping(): boolean {
    return this.#phase === "dying" || this.#phase === "leaving" || this.#phase === "gone";
  }

  #isOwn({ name, pid, uuid }: Announcement): boolean {
    return uuid === this.#self.uuid && name === this.#self.name && pid === this.#options.pid;
  }

  #noticed(event: "node-joined" | "node-left", { name, valor, uuid }: Voter, what: string): void {
    this.#out.log("info", `${name} ${what} (valor ${valor}, uuid ${uuid})`);
    // After the death hooks no others begin.
    if (!this.#isStopping) this.#hooks.add({ event, node: name });
  }

  /** Brings everything into line with the present moment: the last step of every method. */
  #settle(now: Instant): Effect[] {
    this.#settleTolerance(now);
    this.#dropSilent(now);
    this.#endPhase(now);
    this.#heedFitness(now);
    this.#heedFailback(now);
    if (this.#votes) this.#ballot.settle(now, { stopping: this.#isStopping });
    else this.#ballot.close();
    this.#runHooks();
    this.#announce(now);
    this.#tellChange();
    this.#out.do({ type: "wakeAt", monotonicMs: this.#wakeMs(now) });
    return this.#out.take();
  }

  #tellChange(): void {
    const own = `${this.#self.uuid} ${this.#phase} ${this.#lordship.state}`;
    const standing = `${own} ${this.#ballot.candidate?.uuid} ${this.#members.revision}`;
    if (standing === this.#standing) return;
    this.#standing = standing;
    this.#out.do({ type: "changed" });
  }

  #settleTolerance({ monotonicMs }: Instant): void {
    if (monotonicMs < this.#tolerance.dueMs) return;
    this.#tolerance.settle(monotonicMs);
    this.#ballot.reconfigure(this.#options, this.#tolerance, monotonicMs);
  }

  #dropSilent(now: Instant): void {
    const { longestMs } = this.#tolerance;
    for (const member of this.#members.expire(now.monotonicMs, longestMs)) {
      this.#noticed("node-left", member, `was silent for ${longestMs / 1000} s: dropped`);
      this.#ballot.left(member.uuid);
      this.#order.left(member.uuid, now);
    }
  }

  #endPhase(now: Instant): void {
    if (now.monotonicMs < this.#phaseEndsMs) return;
    if (this.#phase !== "suspended" && this.#phase !== "unfit") {
      this.#phase = "voting";
      this.#phaseEndsMs = Infinity;
      this.#votes = true;
    } else if (this.#fitness.unfit(now.monotonicMs) !== undefined) {
      this.#phase = "unfit";
    } else {
      this.#comeBack(now);
    }
  }

  /** A node that is not fit gives the title back, and then leaves. */
  #heedFitness(now: Instant): void {
    const before = this.#unfitness?.why;
    const unfitness = this.#unfitness = this.#fitness.unfit(now.monotonicMs);
    // The reason last logged may no longer be the one that keeps the node out.
    const isOther = before !== undefined && unfitness !== undefined && unfitness.why !== before;
    if (isOther && this.#phase === "unfit") {
      const why = unfitnessText(unfitness, now.monotonicMs);
      // A failing check has been warned of already: only flapping, which ends by itself, is a
      // warning.
      this.#out.log(
        unfitness.untilMs === undefined ? "info" : "warn",
        `stays out of the legion: ${why}`,
      );
    }
    if (unfitness === undefined || (this.#phase !== "listening" && this.#phase !== "voting")) {
      return;
    }
    if (this.#lordship.state === "lord") this.#fitness.lost(now.monotonicMs);
    this.#lordship.release(unfitness.why);
    if (this.#lordship.state !== "none") return;
    this.#out.log("warn", `out of the legion: ${unfitnessText(unfitness, now.monotonicMs)}`);
    this.#stayOut("unfit", now.monotonicMs + farewellMs);
  }

  /** A node whose return would take the title from a lord is an arbiter for the time being. */
  #heedFailback(now: Instant): void {
    if (this.#phase !== "voting" || this.#lordship.state !== "none") return;
    const { quorum } = this.#options;
    const next = this.#failback.valor({
      self: this.#self,
      members: this.#members,
      quorum,
      nowMs: now.monotonicMs,
    });
    if (next !== this.#self.valor) this.#take(next, now);
    const news = this.#failback.news(now.monotonicMs);
    if (news !== undefined) this.#out.log("info", news);
  }

  #take(next: number, now: Instant): void {
    // A valor is part of what a node is known by, so that a new valor is a new member. The new one
    // comes in before the old one leaves: between the two a lord might miss the one supporter that
    // it needs.
    this.#renew(next, now, { parting: true });
    const what = next > 0 ? `takes its own valor ${next}` : "holds back as an arbiter";
    this.#out.log("info", `${what}, uuid ${this.#self.uuid}`);
  }

  /** Comes in for the first time. */
  #comeIn(now: Instant): void {
    const unfitness = this.#fitness.unfit(now.monotonicMs);
    if (unfitness === undefined) return this.#listen(now);
    this.#out.log("info", `stays out of the legion: ${unfitness.why}`);
    this.#stayOut("unfit", now.monotonicMs);
  }

  #comeBack(now: Instant): void {
    this.#renew(this.#failback.begin(now.monotonicMs), now, { parting: false });
    const { valor, uuid } = this.#self;
    const why = this.#phase === "suspended" ? "back from the suspension" : "back in the legion";
    this.#out.log("info", `${why}, valor ${valor}, uuid ${uuid}`);
    this.#listen(now);
  }

  #renew(valor: number, now: Instant, { parting }: { parting: boolean }): void {
    this.#order.gaveUp({ uuid: this.#self.uuid, seq: this.#speaker.seq }, now);
    this.#self = { ...this.#self, valor, uuid: this.#options.newUuid() };
    this.#ballot.renew(this.#self);
    this.#speaker.renew(this.#self, { parting });
  }

  #stayOut(phase: "suspended" | "unfit", untilMs: number): void {
    this.#lordship.forget();
    this.#phase = phase;
    this.#votes = false;
    this.#phaseEndsMs = untilMs;
    this.#speaker.part();
  }

  #listen(now: Instant): void {
    this.#phase = "listening";
    this.#phaseEndsMs = now.monotonicMs + this.#options.freqMs;
    this.#speaker.begin();
  }

  #tookOver(ok: boolean, now: Instant): void {
    if (this.#lordship.state !== "taking over" || this.#phase !== "voting") return;
    if (!ok && this.#options.deathOnLordErrorMs > 0) return this.#suspend(now);
    if (!ok) this.#out.log("warn", "a lord hook failed, and legion-death-on-lord-error is not set");
    // The process may have slept, and its lease run out meanwhile.
    if (!this.#ballot.mayBeLord(now)) return;
    this.#lordship.taken(now);
    this.#failback.done();
  }

  #suspend(now: Instant): void {
    const { deathOnLordErrorMs } = this.#options;
    this.#out.log("error", `a lord hook failed: suspended for ${deathOnLordErrorMs / 1000} s`);
    this.#stayOut("suspended", now.monotonicMs + deathOnLordErrorMs);
  }

  #leave(): void {
    this.#phase = "leaving";
    this.#votes = false;
    this.#lordship.forget();
    if (this.#speaker.silent) this.#begone();
    else this.#speaker.part();
  }

  #begone(): void {
    this.#phase = "gone";
    this.#out.do({ type: "stopped" });
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
    for (const announcement of announcements) this.#out.do({ type: "announce", announcement });
    if (this.#phase === "leaving" && this.#speaker.silent) this.#begone();
  }

  /** When the phase may end by itself, monotonic; an unfit node waits to be told. */
  #phaseDueMs(nowMs: number): number {
    return this.#phase === "unfit" && this.#phaseEndsMs <= nowMs ? Infinity : this.#phaseEndsMs;
  }

  #wakeMs({ monotonicMs }: Instant): number {
    return Math.min(
      this.#speaker.dueMs(),
      this.#phaseDueMs(monotonicMs),
      this.#fitness.dueMs(monotonicMs),
      this.#phase === "voting" ? this.#failback.dueMs(monotonicMs) : Infinity,
      this.#members.quietestMs + this.#tolerance.longestMs,
      this.#tolerance.dueMs,
      this.#votes ? this.#ballot.dueMs(monotonicMs, { stopping: this.#isStopping }) : Infinity,
    );
  }
}
