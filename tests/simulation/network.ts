import type { Announcement } from "../../lib/legion/announcement.ts";
import type { Random } from "./random.ts";
import type { Fault, NodePlan, Scenario } from "./scenario.ts";
import type { Timeline } from "./timeline.ts";

/** Hands an announcement to a node. */
export type Deliver = (to: string, from: string, said: Announcement) => void;

/** The sender of an announcement. */
export type Sender = Pick<NodePlan, "name" | "address" | "sources">;

/**
 * The simulated network. Announcements are lost, doubled and delayed (and so reordered); connections
 * are cut one way or both ways.
 */
export class Network {
  readonly #scenario: Scenario;
  readonly #calmMs: number;
  readonly #random: Random;
  readonly #timeline: Timeline;
  readonly #deliver: Deliver;
  readonly #faults = new Set<Fault>();
  /** The names of the nodes that a datagram to an address reaches. */
  readonly #reached = new Map<string, Set<string>>();

  /**
   * Begins whole.
   *
   * @param calmMs the time from which on no datagram is lost or doubled without a fault
   */
  constructor(
    scenario: Scenario,
    calmMs: number,
    random: Random,
    timeline: Timeline,
    deliver: Deliver,
  ) {
    this.#scenario = scenario;
    this.#calmMs = calmMs;
    this.#random = random;
    this.#timeline = timeline;
    this.#deliver = deliver;
    for (const { name, address, sources } of scenario.nodes) {
      // Behind NAT an answer to any source address arrives.
      for (const at of [address, sentOn(address), ...sources]) {
        this.#reached.set(at, (this.#reached.get(at) ?? new Set()).add(name));
      }
    }
  }

  /** Begins a fault; faults of other kinds than the network's do nothing here. */
  begin(fault: Fault): void {
    this.#faults.add(fault);
  }

  /** Ends a fault. */
  end(fault: Fault): void {
    this.#faults.delete(fault);
  }

  /** Whether no fault is going on. */
  get isWhole(): boolean {
    return this.#faults.size === 0;
  }

  /** Sends an announcement to addresses; nobody hears one that nobody has. */
  send(from: Sender, said: Announcement, to: Iterable<string>): void {
    for (const address of to) {
      for (const name of this.#reached.get(address) ?? []) {
        if (name !== from.name) this.#sendTo(name, from, said);
      }
    }
  }

  /** Whether nothing that a node sends reaches another now. */
  isCut(from: string, to: string): boolean {
    for (const { kind, nodes } of this.#faults) {
      const [first, second] = nodes;
      if (kind === "partition" && nodes.includes(from) !== nodes.includes(to)) return true;
      if (kind === "one-way cut" && from === first && to === second) return true;
      if (kind === "mute" && from === first) return true;
      if (kind === "deaf" && to === first) return true;
    }
    return false;
  }

  #sendTo(to: string, from: Sender, said: Announcement): void {
    const doubling = this.#worst("doubling", this.#scenario.doubling);
    const copies = this.#random.chance(doubling) ? 2 : 1;
    // The second copy comes another way, and so from another source address.
    for (let copy = 0; copy < copies; copy++) {
      const usual = copy === 0 ? from.address : sentOn(from.address);
      const at = from.sources.length > 0 ? this.#random.pick(from.sources) : usual;
      this.#sendOne(from.name, to, at, said);
    }
  }

  #sendOne(from: string, to: string, at: string, said: Announcement): void {
    if (this.isCut(from, to)) return;
    if (said.dead && this.#isLost("farewells lost", from)) return;
    if (this.#random.chance(this.#worst("loss", this.#scenario.loss))) return;
    const { latencyMs } = this.#scenario;
    const longestMs = Math.max(this.#worst("delay", latencyMs), this.#lateMs(from));
    const delayMs = this.#random.between(0, longestMs);
    this.#timeline.after(0.1 + delayMs, () => this.#deliver(to, at, said));
  }

  #isLost(kind: Fault["kind"], from: string): boolean {
    return [...this.#faults].some((fault) => fault.kind === kind && fault.nodes.includes(from));
  }

  /** The longest time that announcements of a node are on their way for a fault of its own. */
  #lateMs(name: string): number {
    const late = [...this.#faults].filter(({ kind, nodes }) =>
      kind === "late" && nodes[0] === name
    );
    return Math.max(0, ...late.map(({ amount }) => amount));
  }

  #worst(kind: Fault["kind"], usual: number): number {
    let worst = this.#timeline.nowMs < this.#calmMs || kind === "delay" ? usual : 0;
    for (const fault of this.#faults) {
      if (fault.kind === kind) worst = Math.max(worst, fault.amount);
    }
    return worst;
  }
}

/** The source address of datagrams that came through another machine. */
function sentOn(address: string): string {
  return address.replace(/^10\.0\./, "10.9.");
}
