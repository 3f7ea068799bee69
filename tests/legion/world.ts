import type { HookEvent } from "../../lib/base/hook_event.ts";
import type { Announcement } from "../../lib/legion/announcement.ts";
import { decodeAnnouncement, encodeAnnouncement } from "../../lib/legion/announcement.ts";
import { DatagramError } from "../../lib/legion/datagram_error.ts";
import type { Effect, Instant } from "../../lib/legion/effects.ts";
import { Legion } from "../../lib/legion/legion.ts";
import { forgotten, type Notes } from "../../lib/legion/notes.ts";
import type { LegionOptions, Reconfigurable } from "../../lib/legion/options.ts";
import type { Reason } from "../../lib/legion/reason.ts";

/** How the hooks of an event end in this world, and after how long. */
export interface HookPlan {
  readonly ok: boolean;
  readonly takesMs: number;
}

/** Aborted hooks need this long to end. */
const abortMs = 10;
/** A datagram is this long on its way. */
const latencyMs = 1;

interface WorldNode {
  readonly legion: Legion;
  /** Its announcements go without what uWSGI does not send. */
  readonly uwsgi: boolean;
  /** Its announcements go there; empty: to a group, which all nodes are in. */
  list: readonly string[];
  wakeMs: number;
  /** Until then the process is stopped. */
  pausedUntilMs: number;
  running?: { readonly event: HookEvent; endsMs: number; ok: boolean; told: boolean };
}

interface Delivery {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly body: Uint8Array;
}

/**
 * Nodes with the real legion code under a clock and a network of the test's own. Everything that
 * happens is told to `record`, one line an event.
 */
export class World {
  #nowMs = 0;
  #nodes = new Map<string, WorldNode>();
  /** The notes of each node, of its last process. */
  #notes = new Map<string, Notes>();
  #plans = new Map<string, HookPlan>();
  #deliveries: Delivery[] = [];
  #cuts = new Set<string>();
  readonly #dropped = new Set<string>();

  constructor(readonly record: (atMs: number, node: string, what: string) => void) {}

  get nowMs(): number {
    return this.#nowMs;
  }

  view(name: string) {
    return this.#node(name).legion.view();
  }

  names(): string[] {
    return [...this.#nodes.keys()];
  }

  /** Starts a node; with `resumes` its process finds the notes of the last one. */
  start(options: LegionOptions, { uwsgi = false, resumes = false } = {}): void {
    const legion = new Legion(options);
    const list = options.voters;
    this.#nodes.set(options.name, { legion, uwsgi, list, wakeMs: Infinity, pausedUntilMs: 0 });
    const notes = resumes ? this.#notes.get(options.name) : undefined;
    const past = notes === undefined ? forgotten : { kind: "noted", notes } as const;
    this.#carryOut(options.name, legion.start(this.#instant(), past));
  }

  /** The configuration changes while the node runs. */
  reconfigure(name: string, changed: Reconfigurable): void {
    this.#node(name).list = changed.voters;
    this.#carryOut(name, this.#node(name).legion.reconfigure(changed, this.#instant()));
  }

  /** The process is gone at once. */
  kill(name: string): void {
    this.#nodes.delete(name);
  }

  /** The process ends, to be started again. */
  halt(name: string): void {
    this.#carryOut(name, this.#node(name).legion.halt(this.#instant()));
  }

  stop(name: string): void {
    this.#carryOut(name, this.#node(name).legion.stop(this.#instant()));
  }

  /** A node learns why it may not be lord; no reasons: it may. */
  tell(name: string, reasons: readonly Reason[]): void {
    this.#carryOut(name, this.#node(name).legion.tell(reasons, this.#instant()));
  }

  promote(name: string): void {
    this.#carryOut(name, this.#node(name).legion.promote(this.#instant()));
  }

  /** The process is stopped; what comes meanwhile waits. */
  pause(name: string, ms: number): void {
    this.#node(name).pausedUntilMs = this.#nowMs + ms;
  }

  /** How an event's hooks end on a node; without a plan at once and well, which is not told. */
  plan(name: string, event: HookEvent, plan: HookPlan): void {
    this.#plans.set(`${name} ${event}`, plan);
  }

  /** Datagrams from one node no longer reach the other. */
  cut(from: string, to: string): void {
    this.#cuts.add(`${from} ${to}`);
  }

  healAll(): void {
    this.#cuts.clear();
  }

  /** Delivers an announcement that no node of this world has made. */
  forge(to: string, announcement: Announcement): void {
    this.#carryOut(to, this.#node(to).legion.heard(announcement, "forged", this.#instant()));
  }

  /** Lets time pass. */
  run(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const next = this.#nextMs();
      if (next > endMs) break;
      this.#nowMs = Math.max(this.#nowMs, next);
      this.#step();
    }
    this.#nowMs = endMs;
  }

  #instant(): Instant {
    // The wall clock's start is any, but not 0.
    return { monotonicMs: this.#nowMs, wallMs: 1_000_000_000_000 + this.#nowMs };
  }

  #node(name: string): WorldNode {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`no node ${name} runs`);
    return node;
  }

  #nextMs(): number {
    const nodes = [...this.#nodes.values()];
    return Math.min(
      ...this.#deliveries.map(({ atMs, to }) => this.#notBefore(atMs, this.#nodes.get(to))),
      ...nodes.map((node) => this.#notBefore(node.wakeMs, node)),
      ...nodes.map((node) => this.#notBefore(node.running?.endsMs ?? Infinity, node)),
    );
  }

  #notBefore(atMs: number, node: WorldNode | undefined): number {
    return Math.max(atMs, node?.pausedUntilMs ?? 0);
  }

  #step(): void {
    const isDue = ({ atMs, to }: Delivery) =>
      this.#notBefore(atMs, this.#nodes.get(to)) <= this.#nowMs;
    const due = this.#deliveries.filter(isDue);
    this.#deliveries = this.#deliveries.filter((delivery) => !isDue(delivery));
    for (const { from, to, body } of due) {
      const node = this.#nodes.get(to);
      if (node === undefined) continue;
      const said = decodeAnnouncement(body);
      this.#hear(to, node, from, said);
    }
    for (const [name, node] of this.#nodes) {
      const { running } = node;
      if (node.pausedUntilMs > this.#nowMs) continue;
      if (running !== undefined && running.endsMs <= this.#nowMs) {
        node.running = undefined;
        const outcome = `${running.event} hooks ${running.ok ? "ok" : "failed"}`;
        if (running.told) this.record(this.#nowMs, name, outcome);
        this.#carryOut(name, node.legion.hooksEnded(running, this.#instant()));
      }
      if (node.wakeMs <= this.#nowMs) {
        node.wakeMs = Infinity;
        this.#carryOut(name, node.legion.tick(this.#instant()));
      }
    }
  }

  #hear(name: string, { legion }: WorldNode, from: string, said: Announcement): void {
    try {
      this.#carryOut(name, legion.heard(said, addressOf(from), this.#instant()));
    } catch (error) {
      if (!(error instanceof DatagramError)) throw error;
      // Once is enough to know.
      const what = `drops what ${from} says: ${error.message}`;
      if (!this.#dropped.has(what)) this.record(this.#nowMs, name, what);
      this.#dropped.add(what);
    }
  }

  #carryOut(name: string, effects: Effect[]): void {
    for (const effect of effects) this.#carryOutOne(name, effect);
  }

  #carryOutOne(name: string, effect: Effect): void {
    const node = this.#nodes.get(name);
    if (node === undefined) return;
    switch (effect.type) {
      case "note":
        if (effect.notes === null) this.#notes.delete(name);
        else this.#notes.set(name, effect.notes);
        return;
      case "announce": {
        const said = effect.announcement;
        if (said.dead) this.record(this.#nowMs, name, "announces dead");
        const body = encodeAnnouncement(node.uwsgi ? asUwsgi(said) : said);
        return this.#send(name, body, [...node.list, ...effect.also]);
      }
      case "runHooks": {
        const { event, node: about, resumed = false } = effect.call;
        const plan = this.#plans.get(`${name} ${event}`);
        const { ok, takesMs } = plan ?? { ok: true, takesMs: 0 };
        node.running = { event, ok, endsMs: this.#nowMs + takesMs, told: plan !== undefined };
        const of = about === name ? "" : ` of ${about}`;
        const lord = effect.lord === "" ? "none" : effect.lord;
        const again = resumed ? " again" : "";
        const what = `runs the ${event} hooks${of}${again} (lord: ${lord})`;
        return this.record(this.#nowMs, name, what);
      }
      case "abortHooks":
        if (node.running === undefined) throw new Error("there are no hooks to abort");
        node.running.ok = false;
        node.running.told = true;
        node.running.endsMs = this.#nowMs + abortMs;
        return this.record(this.#nowMs, name, "aborts the hooks");
      case "log":
        return this.record(this.#nowMs, name, `${effect.level}: ${effect.message}`);
      case "changed":
        return;
      case "wakeAt":
        node.wakeMs = effect.monotonicMs;
        return;
      case "stopped":
        this.#nodes.delete(name);
        return this.record(this.#nowMs, name, "is gone");
    }
  }

  #send(from: string, body: Uint8Array, addresses: readonly string[]): void {
    for (const to of this.#nodes.keys()) {
      if (to === from || this.#cuts.has(`${from} ${to}`)) continue;
      if (addresses.length > 0 && !addresses.includes(addressOf(to))) continue;
      this.#deliveries.push({ atMs: this.#nowMs + latencyMs, from, to, body });
    }
  }
}

/** The address of a node, as the others list it. */
export function addressOf(name: string): string {
  return `${name}:2000`;
}

/** An announcement without what uWSGI does not know of (LEASE.md, "On the wire"). */
export function asUwsgi(said: Announcement): Announcement {
  const { was: _, hears: __, support: ___, ...rest } = said;
  return { ...rest, seq: 0, claim: false, binds: 0, node: "", config: "" };
}
