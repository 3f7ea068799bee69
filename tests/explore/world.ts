import type { Announcement } from "../../lib/legion/announcement.ts";
import type { Effect, HookCall } from "../../lib/legion/effects.ts";
import type { Legion } from "../../lib/legion/legion.ts";
import { begin } from "./begin.ts";
import type { Code } from "./code.ts";
import { nameOf } from "./deviation.ts";
import { described } from "./described.ts";
import { isLord, Judge } from "./judge.ts";
import { Links } from "./links.ts";
import { addressOf, Node } from "./node.ts";
import { Queue } from "./queue.ts";
import type { Schedule } from "./schedule.ts";
import { settled, someoneMayBeLord } from "./settled.ts";
import { stateOf } from "./state.ts";
import { freqMs, isOneElectorate, type Setting, stepMs } from "./setting.ts";
import type { Trace } from "./trace.ts";

// Aborted hooks need this long to end.
const abortMs = 10;
// The nodes start one after the other.
const startMs = 70;
const checkMs = freqMs / 2;
// All is said again meanwhile, and so nothing else is to come.
const settledForMs = 2 * freqMs;
// After so many tolerances, the longest of any node, all must be settled.
const boundTolerances = 7;
// The most things that happen between two checks: more is a loop.
const maxEvents = 5_000;

/** Takes a line of the transcript. */
export type Transcribe = (atMs: number, node: string, what: string) => void;

/** The means of a world, each of them optional. */
export interface Means {
  /** Takes note of the course. */
  readonly trace?: Trace;
  /** Takes the transcript. */
  readonly record?: Transcribe;
}

/**
 * The nodes of a setting under a clock and a network of its own, which lives through one schedule.
 * Nothing is drawn: a schedule is the same every time.
 */
export class World {
  readonly nodes: readonly Node[];
  readonly links: Links;
  readonly judge: Judge;
  readonly #setting: Setting;
  readonly #create: (options: ConstructorParameters<typeof Legion>[0]) => Legion;
  readonly #trace?: Trace;
  readonly #record?: Transcribe;
  readonly #queue = new Queue();
  readonly #byAddress = new Map<string, Node>();
  #nowMs = 0;
  /** When the last deviation ends, and the last event of the calm course. */
  #calmMs: number;

  constructor({ setting, deviations }: Schedule, { Legion }: Code, means: Means = {}) {
    this.#setting = setting;
    this.#trace = means.trace;
    this.#record = means.record;
    this.#create = (options) => new Legion(options);
    this.nodes = setting.nodes.map((plan, index) => new Node(plan, index));
    for (const node of this.nodes) this.#byAddress.set(node.address, node);
    this.links = new Links(this.nodes.length);
    const strict = isOneElectorate(setting, deviations);
    this.judge = new Judge(this.nodes, { strict, nowMs: () => this.#nowMs });
    for (const node of this.nodes) {
      const { plan: { startStep }, index } = node;
      this.at(startStep * stepMs + index * startMs, () => this.start(node));
    }
    this.#calmMs = 0;
    for (const deviation of [...setting.course, ...deviations]) {
      const fromMs = deviation.step * stepMs;
      this.at(fromMs, () => {
        this.#record?.(fromMs, "", `-- ${nameOf(deviation)}`);
        const untilMs = begin(this, deviation, fromMs);
        this.#calmMs = Math.max(this.#calmMs, untilMs);
      });
      this.#calmMs = Math.max(this.#calmMs, fromMs);
    }
  }

  /** Does a thing at a time. */
  at(atMs: number, run: () => void): void {
    this.#queue.add(atMs, run);
  }

  /** The node of this name. */
  node(name: string): Node {
    const node = this.nodes.find(({ plan }) => plan.name === name);
    if (node === undefined) throw new Error(`there is no node ${name}`);
    return node;
  }

  /**
   * Lives through the schedule: until all is calm and settled, a rule is broken, or the bound is
   * reached within which it must be settled. The result is the rule that was broken; undefined:
   * none was.
   */
  run(): string | undefined {
    const { broken } = this.#run();
    if (this.#trace !== undefined) {
      for (const { index } of this.nodes) this.#trace.noteEnd(index, this.#nowMs);
    }
    return broken;
  }

  #run(): { readonly broken?: string } {
    const { judge, nodes } = this;
    const lastMs = this.#trace === undefined ? 0 : this.#setting.endStep * stepMs;
    let settledMs = Infinity;
    for (let checkAtMs = checkMs;; checkAtMs += checkMs) {
      this.#pass(checkAtMs);
      if (judge.broken !== undefined) return judge;
      this.#trace?.noteState(stateOf(nodes), checkAtMs);
      if (checkAtMs < this.#calmMs) continue;
      settledMs = settled(nodes, checkAtMs) ? Math.min(settledMs, checkAtMs) : Infinity;
      const longestMs = Math.max(...nodes.map(({ config }) => config.toleranceMs));
      const isSettled = checkAtMs >= settledMs + settledForMs;
      const expected = someoneMayBeLord(nodes);
      const boundMs = this.#calmMs + (expected ? boundTolerances : 1) * longestMs;
      if (checkAtMs >= lastMs && (isSettled || checkAtMs >= boundMs)) {
        judge.end(nodes.filter((node) => isLord(node, checkAtMs)), expected);
        return judge;
      }
    }
  }

  /** Lets time pass until a rule is broken. */
  #pass(untilMs: number): void {
    const { nodes, judge } = this;
    for (let events = 0; judge.broken === undefined; events++) {
      if (events > maxEvents) return judge.loops();
      const dueMs = this.#queue.nextMs;
      let woken: Node | undefined;
      let nextMs = dueMs;
      for (const node of nodes) {
        const wakeMs = Math.max(node.wakeMs, node.pausedUntilMs);
        if (wakeMs < nextMs) {
          nextMs = wakeMs;
          woken = node;
        }
      }
      if (nextMs > untilMs) break;
      this.#nowMs = Math.max(this.#nowMs, nextMs);
      if (woken === undefined) this.#queue.runNext();
      else this.#wake(woken);
    }
    this.#nowMs = untilMs;
  }

  #wake(node: Node): void {
    node.wakeMs = Infinity;
    const { legion } = node;
    if (legion !== undefined) this.#carryOut(node, legion.tick(node.instant(this.#nowMs)));
  }

  /** Starts a process of a node, unless one runs. */
  start(node: Node): void {
    if (node.legion !== undefined) return;
    node.begin(this.#create, this.#nowMs);
    this.#trace?.noteBegin(node.index, this.#nowMs);
    this.#record?.(this.#nowMs, node.plan.name, "starts");
    if (node.unfit) this.tell(node);
    const { past } = node;
    // Its hooks have done something, for all that the process knows.
    const isTitled = past.kind === "noted" && past.notes.lordship !== "none";
    node.holds = isTitled && past.notes.end !== "leave";
    this.do(node, (legion, now) => legion.start(now, past));
  }

  /** Ends the process of a node, if one runs. */
  end(node: Node, how: string): void {
    if (node.legion === undefined) return;
    node.end();
    this.#trace?.noteEnd(node.index, this.#nowMs);
    this.#record?.(this.#nowMs, node.plan.name, how);
  }

  /** Tells a process what its check says. */
  tell(node: Node): void {
    const reasons = node.unfit ? [{ kind: "unfit", why: "the check fails" } as const] : [];
    this.do(node, (legion, now) => legion.tell(reasons, now));
  }

  /** Makes a process stand still until a time. */
  pause(node: Node, untilMs: number): void {
    node.pausedUntilMs = Math.max(node.pausedUntilMs, untilMs);
    this.at(untilMs, () => {
      if (this.#nowMs < node.pausedUntilMs) return;
      for (const step of node.waiting.splice(0)) step();
    });
  }

  /** Lets the process of a node do a step, now or once it no longer stands still. */
  do(node: Node, step: (legion: Legion, now: ReturnType<Node["instant"]>) => Effect[]): void {
    const { life } = node;
    this.#when(node, () => {
      const { legion } = node;
      if (legion === undefined || node.life !== life) return;
      this.#carryOut(node, step(legion, node.instant(this.#nowMs)));
    });
  }

  #when(node: Node, step: () => void): void {
    if (node.pausedUntilMs > this.#nowMs) node.waiting.push(step);
    else step();
  }

  #carryOut(node: Node, effects: Effect[]): void {
    this.#trace?.noteActive(node.index, this.#nowMs);
    for (const effect of effects) this.#carryOutOne(node, effect);
    this.judge.stepped(node);
  }

  #carryOutOne(node: Node, effect: Effect): void {
    switch (effect.type) {
      case "note":
        return node.note(effect.notes);
      case "announce":
        return this.#announce(node, effect);
      case "runHooks":
        return this.#runHooks(node, effect.call);
      case "abortHooks": {
        const { hooks } = node;
        // The hooks of a process that stood still may have ended before it could be told.
        if (hooks === undefined) return;
        this.#record?.(this.#nowMs, node.plan.name, "aborts the hooks");
        hooks.endsMs = this.#nowMs + abortMs;
        return this.at(hooks.endsMs, () => this.#hooksEnd(node, hooks, false));
      }
      case "log":
        return this.#record?.(this.#nowMs, node.plan.name, `${effect.level}: ${effect.message}`);
      case "wakeAt":
        return node.wakeAt(effect);
      case "stopped":
        this.end(node, "is gone");
    }
  }

  #announce(node: Node, { announcement, also }: Effect & { type: "announce" }): void {
    const { config: { list }, plan: { name, listedAs } } = node;
    this.#record?.(this.#nowMs, name, described(announcement));
    if (announcement.dead && this.#nowMs < node.farewellsLostUntilMs) return;
    for (let i = 0; i < list.length; i++) {
      if (list[i] !== listedAs) this.#send(node, addressOf(list[i]), announcement);
    }
    if (also !== undefined) {
      for (const address of also) this.#send(node, address, announcement);
    }
  }

  #send(from: Node, address: string, said: Announcement): void {
    const to = this.#byAddress.get(address);
    if (to === undefined || to === from) return;
    const name = to.plan.name;
    let count = 0;
    this.links.send(from.index, to.index, this.#nowMs, (atMs) => {
      count++;
      this.#trace?.noteSent(from.index, to.index, this.#nowMs);
      if (atMs > this.#nowMs + stepMs) this.#record?.(this.#nowMs, name, "will get it late");
      this.at(atMs, () => this.#deliver(to, from, said));
    });
    if (count === 0) this.#record?.(this.#nowMs, name, "does not get it");
  }

  #deliver(to: Node, from: Node, said: Announcement): void {
    if (to.legion === undefined) return;
    this.do(to, (legion, now) => {
      try {
        return legion.heard(said, from.address, now);
      } catch (error) {
        if (!(error instanceof Error) || error.name !== "DatagramError") throw error;
        this.#record?.(this.#nowMs, to.plan.name, `drops what ${said.name} says: ${error.message}`);
        return [];
      }
    });
  }

  #runHooks(node: Node, { event, resumed = false }: HookCall): void {
    const { name, lordHookMs, unlordHookMs } = node.plan;
    const isOfLord = event === "lord" || event === "unlord";
    const tookMs = event === "lord" ? lordHookMs : event === "unlord" ? unlordHookMs : 0;
    const ok = event !== "lord" || this.#nowMs >= node.hooksFailUntilMs;
    const hooks = node.hooks = { event, endsMs: this.#nowMs + tookMs };
    this.judge.hooksBegin(node, event, { resumed });
    if (isOfLord) this.#record?.(this.#nowMs, name, `runs the ${event} hooks`);
    if (event === "lord") this.#trace?.noteLordHooks(node.index, this.#nowMs);
    this.at(hooks.endsMs, () => this.#hooksEnd(node, hooks, ok));
  }

  #hooksEnd(node: Node, hooks: Node["hooks"], ok: boolean): void {
    if (hooks === undefined || node.hooks !== hooks) return;
    const { event } = hooks;
    node.hooks = undefined;
    if (event === "unlord") node.releasesUntilMs = -Infinity;
    if (!ok) this.#record?.(this.#nowMs, node.plan.name, `the ${event} hooks fail`);
    this.do(node, (legion, now) => {
      const effects = legion.hooksEnded({ event, ok }, now);
      // Lord hooks that fail leave nothing behind to be given back.
      if (event === "lord" && !ok && legion.view().lordship === "none") node.holds = false;
      return effects;
    });
  }
}
