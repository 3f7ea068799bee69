import type { Announcement } from "../../lib/legion/announcement.ts";
import type { Random } from "./random.ts";
import type { Fault, Scenario } from "./scenario.ts";
import type { Timeline } from "./timeline.ts";

/** Hands an announcement to a node. */
export type Deliver = (to: string, from: string, said: Announcement) => void;

/**
 * The simulated network. Announcements are lost, doubled and delayed (and so reordered); connections
 * are cut one way or both ways.
 */
export class Network {
  readonly #scenario: Scenario;
  readonly #random: Random;
  readonly #timeline: Timeline;
  readonly #deliver: Deliver;
  readonly #faults = new Set<Fault>();

  constructor(scenario: Scenario, random: Random, timeline: Timeline, deliver: Deliver) {
    this.#scenario = scenario;
    this.#random = random;
    this.#timeline = timeline;
    this.#deliver = deliver;
  }

  /** Begins a fault; faults of other kinds than the network's do nothing here. */
  begin(fault: Fault): void {
    this.#faults.add(fault);
  }

  /** Ends a fault. */
  end(fault: Fault): void {
    this.#faults.delete(fault);
  }

  /** Sends an announcement to all others. */
  send(from: string, said: Announcement): void {
    for (const { name: to } of this.#scenario.nodes) {
      if (to === from) continue;
      const doubling = this.#worst("doubling", this.#scenario.doubling);
      const copies = this.#random.chance(doubling) ? 2 : 1;
      // The second copy comes another way, and so from another source address.
      for (const at of [from, `${from}, sent on`].slice(0, copies)) {
        this.#sendOne(from, to, at, said);
      }
    }
  }

  #sendOne(from: string, to: string, at: string, said: Announcement): void {
    if (this.#isCut(from, to)) return;
    if (this.#random.chance(this.#worst("loss", this.#scenario.loss))) return;
    const { latencyMs } = this.#scenario;
    const delayMs = this.#random.between(0, this.#worst("delay", latencyMs));
    this.#timeline.after(0.1 + delayMs, () => this.#deliver(to, at, said));
  }

  #worst(kind: Fault["kind"], usual: number): number {
    let worst = this.#timeline.nowMs < this.#scenario.calmMs || kind === "delay" ? usual : 0;
    for (const fault of this.#faults) {
      if (fault.kind === kind) worst = Math.max(worst, fault.amount);
    }
    return worst;
  }

  #isCut(from: string, to: string): boolean {
    for (const { kind, nodes } of this.#faults) {
      const [first, second] = nodes;
      if (kind === "partition" && nodes.includes(from) !== nodes.includes(to)) return true;
      if (kind === "one-way cut" && from === first && to === second) return true;
      if (kind === "mute" && from === first) return true;
      if (kind === "deaf" && to === first) return true;
    }
    return false;
  }
}
