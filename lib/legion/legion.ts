import { type Announcement, noUuid } from "./announcement.ts";
import { type Effect, type HooksResult, type Instant, Outbox } from "./effects.ts";
import { candidate, checksum, type Voter, votes } from "./election.ts";
import { HookQueue } from "./hook_queue.ts";
import { Lordship } from "./lordship.ts";
import { Membership } from "./membership.ts";
import type { LegionOptions } from "./options.ts";
import { Pace } from "./pace.ts";
import { screen } from "./screen.ts";
import type { LegionView, Phase } from "./view.ts";

/**
 * One legion, seen from one of its nodes: a state machine without any I/O. Every method takes the
 * present moment and returns what is to be done now; nothing else comes out of it. The rules are
 * uWSGI's (legion-protocol, "Life of a node"), without the shortcomings listed there.
 */
export class Legion {
  readonly #options: LegionOptions;
  readonly #members = new Membership();
  readonly #out = new Outbox();
  readonly #hooks = new HookQueue();
  readonly #lordship: Lordship;
  readonly #pace: Pace;
  #self: Voter;
  #phase: Phase = "setting up";
  /** When the phase ends by itself, monotonic. */
  #phaseEndsMs = Infinity;
  /** The vote: undefined in all phases without one. */
  #candidate?: Voter;
  #checksum = 0n;
  #votes = 0;
  /** Whom the legion has last agreed upon; undefined while there is no quorum. */
  #elected?: Voter;
  /** How many announcements were made. */
  #seq = 0;
  /** Taken for granted until it is seen to be missing. */
  #quorate = true;
  /** The join hooks have been called, at the first decision. */
  #joined = false;

  constructor(options: LegionOptions) {
    this.#options = options;
    this.#self = { valor: options.valor, name: options.name, uuid: options.newUuid() };
    this.#lordship = new Lordship(this.#hooks, this.#out, options.name);
    this.#pace = new Pace(options.freqMs);
  }

  /** Begins with the setup hooks. To be called once, before anything else. */
  start(now: Instant): Effect[] {
    const { valor, quorum } = this.#options;
    const rank = valor === 0 ? "an arbiter (valor 0)" : `valor ${valor}`;
    this.#out.log("info", `started as ${rank}, quorum ${quorum}, uuid ${this.#self.uuid}`);
    this.#hooks.add({ event: "setup", node: this.#self.name });
    return this.#settle(now);
  }

  /**
   * Takes in what was heard from a peer at `from` (`host:port`).
   *
   * @throws DatagramError `legion`, `stale` or `crowded`, and then nothing has changed
   */
  heard(said: Announcement, from: string, now: Instant): Effect[] {
    if (this.#phase === "gone" || this.#isOwn(said)) return [];
    screen(said, { ...this.#options, members: this.#members, wallMs: now.wallMs });
    if (said.dead) {
      const left = this.#members.remove(said);
      if (left) this.#noticed("node-left", left, "left");
    } else {
      const isNew = !this.#members.has(said);
      this.#members.hear(said, from, now.monotonicMs, now.wallMs);
      if (isNew) this.#noticed("node-joined", said, `joined from ${from}`);
    }
    return this.#settle(now);
  }

  /** To be called when a time asked for with `wakeAt` has come; at any other it does no harm. */
  tick(now: Instant): Effect[] {
    return this.#phase === "gone" ? [] : this.#settle(now);
  }

  /** To be called when the hooks asked for with `runHooks` have ended, aborted ones as well. */
  hooksEnded({ event, ok }: HooksResult, now: Instant): Effect[] {
    if (this.#phase === "gone") return [];
    this.#hooks.ended();
    if (event === "setup" && this.#phase === "setting up") this.#listen(now);
    if (event === "lord") this.#tookOver(ok, now);
    if (event === "unlord") this.#lordship.forget();
    if (event === "death" && this.#phase === "dying") this.#leave();
    return this.#settle(now);
  }

  /** Ends with the death hooks and the farewells. A second call does without the death hooks. */
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

  /** Its lord hooks have ended, it has not lost the election since, and it does not stop. */
  get isLord(): boolean {
    return this.#lordship.state === "lord" && this.#phase === "voting";
  }

  /** The legion as it stands. */
  view(): LegionView {
    return {
      uuid: this.#self.uuid,
      phase: this.#phase,
      lordship: this.#lordship.state,
      lordSince: this.#lordship.since,
      checksum: this.#checksum,
      candidate: this.#candidate,
      votes: this.#votes,
      elected: this.#elected,
      phaseEndsMs: this.#phaseEndsMs,
      members: [...this.#members],
    };
  }

  get #isStopping(): boolean {
    return this.#phase === "dying" || this.#phase === "leaving" || this.#phase === "gone";
  }

  #isOwn({ name, pid, valor, uuid }: Announcement): boolean {
    const self = this.#self;
    return uuid === self.uuid && valor === self.valor && name === self.name &&
      pid === this.#options.pid;
  }

  #noticed(event: "node-joined" | "node-left", { name, valor, uuid }: Voter, what: string): void {
    this.#out.log("info", `${name} ${what} (valor ${valor}, uuid ${uuid})`);
    // Nothing begins any more behind the death hooks.
    if (!this.#isStopping) this.#hooks.add({ event, node: name });
  }

  /** Brings everything into line with the present moment; whatever happened, this follows it. */
  #settle(now: Instant): Effect[] {
    this.#dropSilent(now);
    this.#endPhase(now);
    this.#vote();
    this.#decide();
    this.#runHooks();
    this.#announce(now);
    this.#out.do({ type: "wakeAt", monotonicMs: this.#wakeMs() });
    return this.#out.take();
  }

  #dropSilent({ monotonicMs }: Instant): void {
    const { toleranceMs } = this.#options;
    for (const member of this.#members.expire(monotonicMs - toleranceMs)) {
      this.#noticed("node-left", member, `was silent for ${toleranceMs / 1000} s: dropped`);
    }
  }

  #endPhase(now: Instant): void {
    if (now.monotonicMs < this.#phaseEndsMs) return;
    if (this.#phase === "suspended") {
      this.#self = { ...this.#self, uuid: this.#options.newUuid() };
      this.#out.log("info", `back from the suspension, uuid ${this.#self.uuid}`);
      this.#listen(now);
    } else {
      this.#phase = "voting";
      this.#phaseEndsMs = Infinity;
    }
  }

  #listen(now: Instant): void {
    this.#phase = "listening";
    this.#phaseEndsMs = now.monotonicMs + this.#options.freqMs;
    this.#pace.begin();
  }

  #vote(): void {
    const dying = this.#phase === "dying" && this.#candidate !== undefined;
    if (this.#phase === "voting" || dying) {
      this.#candidate = candidate(this.#self, this.#members);
      this.#checksum = checksum(this.#self, this.#members);
      this.#votes = votes(this.#checksum, this.#candidate, this.#members);
    } else {
      this.#candidate = undefined;
      this.#checksum = 0n;
      this.#votes = 0;
    }
  }

  #decide(): void {
    const { quorum } = this.#options;
    if (this.#phase !== "voting" || this.#candidate === undefined) return;
    const present = 1 + this.#members.size;
    if (present < quorum) return this.#lackQuorum(present);
    if (this.#votes === 0) return;
    this.#quorate = true;
    if (!this.#joined) this.#hooks.add({ event: "join", node: this.#self.name });
    this.#joined = true;
    this.#elect(this.#candidate);
    if (this.#candidate.uuid !== this.#self.uuid) this.#lordship.release();
    else if (this.#self.valor > 0) this.#lordship.take();
  }

  #elect(elected: Voter): void {
    if (this.#elected?.uuid === elected.uuid) return;
    this.#elected = elected;
    const outcome = elected.valor === 0
      ? "all are arbiters, nobody is elected"
      : `${elected.name} is elected`;
    this.#out.log("info", `votes ${this.#votes}, quorum ${this.#options.quorum}: ${outcome}`);
  }

  #lackQuorum(present: number): void {
    if (!this.#quorate) return;
    this.#quorate = false;
    this.#elected = undefined;
    this.#out.log("warn", `no quorum: ${present} present, ${this.#options.quorum} needed`);
    this.#lordship.release();
  }

  #tookOver(ok: boolean, now: Instant): void {
    if (this.#lordship.state !== "taking over" || this.#phase !== "voting") return;
    if (!ok && this.#options.deathOnLordErrorMs > 0) return this.#suspend(now);
    if (!ok) this.#out.log("warn", "a lord hook failed, and legion-death-on-lord-error is not set");
    this.#lordship.taken(now);
  }

  #suspend(now: Instant): void {
    const { deathOnLordErrorMs } = this.#options;
    this.#out.log("error", `a lord hook failed: suspended for ${deathOnLordErrorMs / 1000} s`);
    this.#lordship.forget();
    this.#elected = undefined;
    this.#phase = "suspended";
    this.#phaseEndsMs = now.monotonicMs + deathOnLordErrorMs;
    this.#pace.part();
  }

  #leave(): void {
    this.#phase = "leaving";
    this.#lordship.forget();
    if (this.#pace.silent) this.#begone();
    else this.#pace.part();
  }

  #begone(): void {
    this.#phase = "gone";
    this.#out.do({ type: "stopped" });
  }

  #runHooks(): void {
    const call = this.#hooks.next();
    if (call === undefined) return;
    const stopOnError = call.event === "lord" && this.#options.deathOnLordErrorMs > 0;
    this.#out.do({ type: "runHooks", call, lord: this.#elected?.name ?? "", stopOnError });
  }

  #announce(now: Instant): void {
    if (now.monotonicMs < this.#pace.dueMs(this.#news())) return;
    this.#out.do({ type: "announce", announcement: this.#announcement(now) });
    this.#pace.announced(this.#news(), now.monotonicMs);
    if (this.#phase === "leaving" && this.#pace.silent) this.#begone();
  }

  /** What the peers are told at once when it changes; a newcomer has not yet heard of this node. */
  #news(): string {
    const { size } = this.#members;
    return `${this.#checksum} ${this.#candidate?.uuid} ${this.#lordship.since} ${size}`;
  }

  #announcement(now: Instant): Announcement {
    const { legion, pid, scroll } = this.#options;
    return {
      legion,
      ...this.#self,
      unix: Math.floor(now.wallMs / 1000),
      lord: this.#lordship.since,
      pid,
      checksum: this.#checksum,
      lordValor: this.#candidate?.valor ?? 0,
      lordUuid: this.#candidate?.uuid ?? noUuid,
      scroll,
      dead: this.#pace.parting,
      seq: ++this.#seq,
    };
  }

  #wakeMs(): number {
    return Math.min(
      this.#pace.dueMs(this.#news()),
      this.#phaseEndsMs,
      this.#members.quietestMs + this.#options.toleranceMs,
    );
  }
}
