import type { HookEvent } from "../../lib/base/hook_event.ts";
import type { Announcement } from "../../lib/legion/announcement.ts";
import type { Effect } from "../../lib/legion/effects.ts";
import { Legion } from "../../lib/legion/legion.ts";
import type { Notes, Past } from "../../lib/legion/notes.ts";
import type { LegionOptions, Reconfigurable } from "../../lib/legion/options.ts";
import type { Reason } from "../../lib/legion/reason.ts";
import { voterSays } from "./announcement.ts";
import { countedUuid, legionOptions } from "./legion_options.ts";
import { addressOf } from "./world.ts";

const wallMs = 1_795_355_110_000;

/** A thing that a node said, with the time and the addresses beside the list it goes to. */
export interface Told {
  readonly atMs: number;
  readonly said: Announcement;
  readonly also: readonly string[];
}

/** One node under a clock of its own, whose peers say what a test has them say. */
export class Driven {
  readonly legion: Legion;
  readonly options: LegionOptions;
  /** All that the node has announced. */
  readonly told: Told[] = [];
  /** All notes and announcements, in their order. */
  readonly course: (Announcement | { readonly notes: Notes | null })[] = [];
  readonly log: string[] = [];
  /** The events whose hooks have run, or run now. */
  readonly hooks: HookEvent[] = [];
  /** The hooks that do not end by themselves. */
  readonly slow = new Set<HookEvent>();
  nowMs = 0;
  #wakeMs = Infinity;
  #running?: HookEvent;
  #seqs = new Map<string, number>();

  /** Starts the node at 0; its hooks end at once, and well. */
  constructor(changed: Partial<LegionOptions> = {}, past?: Past) {
    this.options = legionOptions({ newUuid: countedUuid(), ...changed });
    this.legion = new Legion(this.options);
    this.#heed(this.legion.start(this.#now, past));
  }

  /** Lets time pass, up to this time, in milliseconds. */
  to(untilMs: number): void {
    let ticks = 0;
    while (this.#wakeMs <= untilMs) {
      ticks = this.#wakeMs > this.nowMs ? 0 : ticks + 1;
      if (ticks > 10) throw new Error(`at ${this.nowMs} it asks to be woken at ${this.#wakeMs}`);
      this.nowMs = Math.max(this.nowMs, this.#wakeMs);
      this.#heed(this.legion.tick(this.#now));
    }
    this.nowMs = untilMs;
  }

  /** Hears a word of a peer, the next of its uuid unless told otherwise. */
  hear(name: string, changed: Partial<Announcement> = {}, from = addressOf(name)): void {
    const uuid = changed.uuid ?? name.repeat(36);
    const seq = (this.#seqs.get(uuid) ?? 0) + 1;
    this.#seqs.set(uuid, seq);
    this.take(voterSays(name, { seq, ...changed }), from);
  }

  /** Hears an announcement, its clock set right. */
  take(said: Announcement, from: string): void {
    const unix = Math.floor(this.#now.wallMs / 1000);
    this.#heed(this.legion.heard({ ...said, unix }, from, this.#now));
  }

  /** Hears that peers support this node by its newest announcement. */
  beSupportedBy(...names: string[]): void {
    for (const name of names) this.hear(name, { ...this.vote, support: this.echo });
  }

  /** The newest announcement of this node, as a supporter echoes it. */
  get echo() {
    const { uuid, seq } = this.newest.said;
    return { uuid, seq };
  }

  /** A vote for this node. */
  get vote() {
    const { valor, uuid } = this.legion.view();
    return { lordValor: valor, lordUuid: uuid };
  }

  /** The newest word of this node that is no farewell. */
  get newest(): Told {
    const newest = this.told.findLast(({ said }) => !said.dead);
    if (newest === undefined) throw new Error("the node has said nothing");
    return newest;
  }

  /** Becomes lord by the support of a and b, some time after its start. */
  becomeLord(): void {
    for (const ms of [1_000, 2_000, 3_000]) {
      this.to(ms);
      for (const name of ["a", "b"]) this.hear(name);
    }
    this.to(3_200);
    this.beSupportedBy("a", "b");
    this.to(3_250);
  }

  tell(...reasons: Reason[]): void {
    this.#heed(this.legion.tell(reasons, this.#now));
  }

  reconfigure(changed: Partial<Reconfigurable>): void {
    const { legion: _l, name: _n, pid: _p, valor: _v, skewToleranceMs: _s, newUuid: _u, ...now } =
      this.options;
    this.#heed(this.legion.reconfigure({ ...now, ...changed }, this.#now));
  }

  /** All notes, the oldest first. */
  get notes(): (Notes | null)[] {
    return this.course.flatMap((entry) => "notes" in entry ? [entry.notes] : []);
  }

  halt(): void {
    this.#heed(this.legion.halt(this.#now));
  }

  stop(): void {
    this.#heed(this.legion.stop(this.#now));
  }

  /** Ends the slow hooks that run. */
  endHooks(ok = true): void {
    const event = this.#running;
    if (event === undefined) throw new Error("no hooks run");
    this.#running = undefined;
    this.#heed(this.legion.hooksEnded({ event, ok }, this.#now));
  }

  get #now() {
    return { monotonicMs: this.nowMs, wallMs: wallMs + this.nowMs };
  }

  #heed(effects: Effect[]): void {
    for (const effect of effects) {
      if (effect.type === "wakeAt") this.#wakeMs = effect.monotonicMs;
      if (effect.type === "log") this.log.push(effect.message);
      if (effect.type === "note") this.course.push(effect);
      if (effect.type === "announce") {
        this.course.push(effect.announcement);
        this.told.push({ atMs: this.nowMs, said: effect.announcement, also: effect.also });
      }
      if (effect.type !== "runHooks") continue;
      this.#running = effect.call.event;
      this.hooks.push(effect.call.event);
      if (!this.slow.has(effect.call.event)) this.endHooks();
    }
  }
}
