import type { HookEvent } from "../../lib/base/hook_event.ts";
import type { Announcement } from "../../lib/legion/announcement.ts";
import { DatagramError } from "../../lib/legion/datagram_error.ts";
import type { Effect, HookCall, Instant } from "../../lib/legion/effects.ts";
import { Legion } from "../../lib/legion/legion.ts";
import { forgotten, type Notes, type Past } from "../../lib/legion/notes.ts";
import type { Reason } from "../../lib/legion/reason.ts";
import type { LegionView } from "../../lib/legion/view.ts";
import { asUwsgi } from "../legion/world.ts";
import type { Memory } from "./memory.ts";
import { optionsOf } from "./plan_options.ts";
import type { Random } from "./random.ts";
import type { Robot } from "./robot.ts";
import type { NodePlan, Scenario, Settings } from "./scenario.ts";
import type { Timeline } from "./timeline.ts";

/** The world of a process, and the calls that report its actions. */
export interface Surroundings {
  readonly scenario: Scenario;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly robot: Robot;
  /** Sends an announcement to its peers, and to these addresses. */
  readonly send: (from: NodePlan, said: Announcement, also: readonly string[]) => void;
  /** Called with each event that is worth a line of the transcript. */
  readonly record: (node: string, what: string) => void;
  /** Called after each step of a legion. */
  readonly stepped: (process: Process) => void;
  /** Called when the process has started, before its first effects. */
  readonly started: (process: Process) => void;
  /** Called when hooks begin. */
  readonly hooksBegin: (process: Process, call: HookCall) => void;
  /** Called when lord hooks have failed that nobody aborted. */
  readonly hooksFailed: (process: Process) => void;
}

/** The behaviour of a process's hooks for the time being. */
export interface HookMood {
  /** Whether the lord hooks take long. */
  slow: boolean;
  /** Whether the lord hooks fail. */
  failing: boolean;
}

// The most steps that wait for a process that stands still, as datagrams wait in a socket.
const maxWaiting = 200;
const abortMs = 10;

/** The process of one node, from start to end: the real legion code, with a clock of its own. */
export class Process {
  readonly legion: Legion;
  #plan: NodePlan;
  #view?: LegionView;
  #firstUuid = "";
  readonly #around: Surroundings;
  readonly #mood: HookMood;
  readonly #memory?: Memory;
  #past: Past = forgotten;
  readonly #bornMs: number;
  readonly #waiting: (() => void)[] = [];
  #wake = 0;
  #pausedUntilMs = 0;
  #running?: { readonly event: HookEvent; aborted: boolean };
  readonly #pauses: { readonly fromMs: number; readonly untilMs: number }[] = [];
  /** The distance that clock steps have moved its wall clock, in milliseconds. */
  wallStepMs = 0;
  ended = false;
  /** Whether the process was told to stop, and will end soon. */
  isToStop = false;
  /** The time when the running hooks will have ended; Infinity: not known; 0: none run. */
  hooksEndMs = 0;

  /**
   * Does nothing before {@link Process.start}.
   *
   * @param id a part of its uuids that no other process has
   * @param machine the things that outlast the process; without `memory` it remembers nothing
   */
  constructor(
    plan: NodePlan,
    id: string,
    around: Surroundings,
    { mood, memory }: { readonly mood: HookMood; readonly memory?: Memory },
  ) {
    this.#plan = plan;
    this.#memory = memory;
    this.#around = around;
    this.#mood = mood;
    this.#bornMs = around.timeline.nowMs;
    let uuids = 0;
    this.legion = new Legion({
      ...optionsOf(plan, around.scenario),
      newUuid: () => `${id}-${++uuids}`.padEnd(36, "."),
    });
  }

  get name(): string {
    return this.plan.name;
  }

  /** The node's plan, with the settings of the last reload. */
  get plan(): NodePlan {
    return this.#plan;
  }

  /** The node's legion as it stood after the last step. */
  get view(): LegionView {
    return this.#view ??= this.legion.view();
  }

  /** The time until which the node is lord if nothing happens; in the past: not lord. */
  get lordUntilMs(): number {
    return this.trueMs(this.view.lordUntilMs);
  }

  get runsHooks(): boolean {
    return this.#running !== undefined;
  }

  /** Converts a time of its monotonic clock to the simulation's time. */
  trueMs(monotonicMs: number): number {
    return this.#bornMs + monotonicMs / this.plan.clockRate;
  }

  /** The things that the process knew at its start of the one before it. */
  get past(): Past {
    return this.#past;
  }

  /** The notes of the process before, if this one goes on as the same node. */
  get resumes(): Notes | undefined {
    const notes = this.#past.kind === "noted" ? this.#past.notes : undefined;
    return notes?.uuid === this.#firstUuid ? notes : undefined;
  }

  /** Whether the next process of the node will find notes. */
  get isNoted(): boolean {
    return this.#memory?.isNoted ?? false;
  }

  start(): void {
    const now = this.#now();
    this.#past = this.#memory?.past(now.monotonicMs) ?? forgotten;
    const effects = this.legion.start(now, this.#past);
    this.#firstUuid = this.legion.view().uuid;
    this.#around.started(this);
    this.#carryOut(effects);
  }

  /** Delivers a datagram; a process that stands still reads it later. */
  hear(from: string, said: Announcement): void {
    this.#when(() => {
      try {
        this.#carryOut(this.legion.heard(said, from, this.#now()));
      } catch (error) {
        if (!(error instanceof DatagramError)) throw error;
      }
    });
  }

  stop(): void {
    this.isToStop = true;
    this.#when(() => this.#carryOut(this.legion.stop(this.#now())));
  }

  /** Ends the process without a leave, to be started again. */
  halt(): void {
    this.isToStop = true;
    this.#when(() => this.#carryOut(this.legion.halt(this.#now())));
  }

  /** Tells the node why it may not be lord; empty: it may. */
  tell(reasons: readonly Reason[]): void {
    this.#when(() => this.#carryOut(this.legion.tell(reasons, this.#now())));
  }

  /** Makes the node go by other settings. */
  reload(change: Partial<Settings>): void {
    this.#when(() => {
      this.#plan = { ...this.plan, ...change };
      const options = optionsOf(this.plan, this.#around.scenario);
      this.#carryOut(this.legion.reconfigure(options, this.#now()));
    });
  }

  promote(): void {
    this.#when(() => this.#carryOut(this.legion.promote(this.#now())));
  }

  /** Ends the process at once. */
  kill(): void {
    this.ended = true;
  }

  /** Makes the process stand still until this time. */
  pause(untilMs: number): void {
    const { timeline } = this.#around;
    this.#pauses.push({ fromMs: timeline.nowMs, untilMs });
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
    timeline.at(untilMs, () => this.#resume());
  }

  /** Whether the process stands still at this time, past or future. */
  stoodStillAt(trueMs: number): boolean {
    return this.#pauses.some(({ fromMs, untilMs }) => fromMs <= trueMs && trueMs <= untilMs);
  }

  #resume(): void {
    if (this.#isPaused) return;
    for (const step of this.#waiting.splice(0)) this.#when(step);
  }

  get #isUwsgi(): boolean {
    return this.plan.lease === "uwsgi";
  }

  get #isPaused(): boolean {
    // uWSGI's loop stands still while its hooks run.
    const isBlocked = this.#isUwsgi && this.#running !== undefined;
    return isBlocked || this.#around.timeline.nowMs < this.#pausedUntilMs;
  }

  /** Runs a step now, or once the process no longer stands still. */
  #when(step: () => void): void {
    if (this.ended) return;
    if (!this.#isPaused) step();
    else if (this.#waiting.length < maxWaiting) this.#waiting.push(step);
  }

  #now(): Instant {
    const { nowMs, wallMs } = this.#around.timeline;
    return {
      monotonicMs: (nowMs - this.#bornMs) * this.plan.clockRate,
      wallMs: wallMs + this.plan.wallOffsetMs + this.wallStepMs,
    };
  }

  #carryOut(effects: Effect[]): void {
    this.#view = undefined;
    for (const effect of effects) this.#carryOutOne(effect);
    this.#around.stepped(this);
  }

  #carryOutOne(effect: Effect): void {
    const { record, send } = this.#around;
    switch (effect.type) {
      case "announce":
        if (effect.announcement.dead) record(this.name, "announces dead");
        return send(
          this.plan,
          this.#isUwsgi ? asUwsgi(effect.announcement) : effect.announcement,
          effect.also,
        );
      case "note":
        return this.#memory?.note(effect.notes, this.#now().monotonicMs);
      case "runHooks":
        return this.#runHooks(effect.call);
      case "abortHooks": {
        record(this.name, "aborts the hooks");
        const run = this.#running;
        if (run !== undefined) run.aborted = true;
        return this.#around.timeline.after(abortMs, () => this.#hooksEnd(run, false));
      }
      case "log":
        return record(this.name, `${effect.level}: ${effect.message}`);
      case "wakeAt":
        return this.#wakeAt(effect.monotonicMs);
      case "stopped":
        record(this.name, "is gone");
        this.ended = true;
    }
  }

  #wakeAt(monotonicMs: number): void {
    const wake = ++this.#wake;
    // A timer is never early, and often a little late.
    const lateMs = this.#around.random.between(0, 3);
    this.#around.timeline.at(this.trueMs(monotonicMs) + lateMs, () => {
      if (wake !== this.#wake) return;
      this.#when(() => {
        if (wake === this.#wake) this.#carryOut(this.legion.tick(this.#now()));
      });
    });
  }

  #runHooks(call: HookCall): void {
    const { event } = call;
    const { timeline, hooksBegin, record } = this.#around;
    hooksBegin(this, call);
    const run = this.#running = { event, aborted: false };
    const tookMs = this.#hookMs(event);
    const ends = (ok: boolean) => this.#hooksEnd(run, ok);
    if (event === "lord" || event === "unlord") record(this.name, `runs the ${event} hooks`);
    this.hooksEndMs = event === "lord" ? Infinity : timeline.nowMs + tookMs;
    if (event !== "lord") return timeline.after(tookMs, () => ends(true));
    timeline.after(tookMs, () => {
      if (this.#mood.failing) ends(false);
      else this.#route(run, ends);
    });
  }

  /** Asks the Robot until the address points here. */
  #route(run: { readonly aborted: boolean }, ends: (ok: boolean) => void): void {
    const { robot, timeline } = this.#around;
    if (run.aborted || this.ended) return;
    if (robot.pointsTo === this.name) return ends(true);
    robot.request(this.name, () => {
      timeline.after(robot.pointsTo === this.name ? 0 : 300, () => this.#route(run, ends));
    });
  }

  #hooksEnd(
    run: { readonly event: HookEvent; readonly aborted: boolean } | undefined,
    ok: boolean,
  ): void {
    if (run === undefined || run !== this.#running) return;
    this.#running = undefined;
    this.hooksEndMs = 0;
    const { event } = run;
    if (event === "lord" && !ok && !run.aborted) this.#around.hooksFailed(this);
    this.#when(() => this.#carryOut(this.legion.hooksEnded({ event, ok }, this.#now())));
    this.#resume();
  }

  #hookMs(event: HookEvent): number {
    const { scenario: { hookMs, noticeMs }, random } = this.#around;
    const { releaseMs } = this.plan;
    if (event === "unlord" || event === "death") {
      // These hooks keep to legion-release-time, where that is set.
      return releaseMs === 0 ? random.between(0, 20) : random.between(0, releaseMs);
    }
    if (event !== "lord") return random.between(0, noticeMs);
    return this.#mood.slow ? hookMs * random.between(0.5, 0.9) : random.between(0, 50);
  }

  /** Lets the node, while lord, check where the address points, and take it back. */
  watch(): void {
    const { robot, timeline, scenario } = this.#around;
    timeline.after(scenario.toleranceMs / 2, () => {
      if (this.ended) return;
      const isLord = timeline.nowMs < this.lordUntilMs;
      if (isLord && !this.#isPaused && robot.pointsTo !== this.name) {
        robot.request(this.name, () => {});
      }
      this.watch();
    });
  }
}
