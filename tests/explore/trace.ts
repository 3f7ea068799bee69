import { stepMs } from "./setting.ts";

/** The course of a schedule, as far as it decides which further deviations would change it. */
export class Trace {
  readonly #sent: Uint8Array[];
  readonly #active: Uint8Array[];
  readonly #lordHooks: Uint8Array[];
  readonly #runs: Uint8Array[];
  readonly #begunMs: number[];
  /** The state of all nodes, as text, at some of the steps. */
  readonly #states = new Map<number, string>();
  readonly #count: number;
  readonly #steps: number;

  /** Begins with nothing known of so many nodes and steps. */
  constructor(count: number, steps: number) {
    const each = (length: number) => Array.from({ length }, () => new Uint8Array(steps + 1));
    this.#sent = each(count * count);
    this.#active = each(count);
    this.#lordHooks = each(count);
    this.#runs = each(count);
    this.#begunMs = Array.from({ length: count }, () => Infinity);
    this.#count = count;
    this.#steps = steps;
  }

  /** Notes a datagram that will arrive. */
  noteSent(from: number, to: number, nowMs: number): void {
    this.#sent[from * this.#count + to][this.#step(nowMs)] = 1;
  }

  /** Notes that the process of a node has done something. */
  noteActive(node: number, nowMs: number): void {
    this.#active[node][this.#step(nowMs)] = 1;
  }

  /** Notes that lord hooks begin. */
  noteLordHooks(node: number, nowMs: number): void {
    this.#lordHooks[node][this.#step(nowMs)] = 1;
  }

  /** Notes that a process begins. */
  noteBegin(node: number, nowMs: number): void {
    this.#begunMs[node] = nowMs;
  }

  /** Notes that a process ends, or the course. */
  noteEnd(node: number, nowMs: number): void {
    const begunMs = this.#begunMs[node];
    this.#begunMs[node] = Infinity;
    for (let step = Math.ceil(begunMs / stepMs); step <= this.#steps; step++) {
      if (step * stepMs < nowMs) this.#runs[node][step] = 1;
    }
  }

  /** Notes the state of all nodes, as text. */
  noteState(state: string, nowMs: number): void {
    this.#states.set(this.#step(nowMs), state);
  }

  /** The last step at which the state differs from that of another course; -Infinity: none. */
  lastOtherThan(other: Trace): number {
    const differing = [...this.#states].filter(([step, state]) =>
      other.#states.get(step) !== state
    );
    return Math.max(-Infinity, ...differing.map(([step]) => step));
  }

  /** Whether a datagram is sent on a link in a step, and arrives. */
  sends(from: number, to: number, step: number): boolean {
    return this.#sent[from * this.#count + to][step] === 1;
  }

  /** Whether the process of a node does anything in a step. */
  acts(node: number, step: number): boolean {
    return this.#active[node][step] === 1;
  }

  /** Whether lord hooks begin in a step. */
  beginsLordHooks(node: number, step: number): boolean {
    return this.#lordHooks[node][step] === 1;
  }

  /** Whether the node has a process at the beginning of a step. */
  runs(node: number, step: number): boolean {
    return this.#runs[node][step] === 1;
  }

  #step(nowMs: number): number {
    return Math.min(this.#steps, Math.floor(nowMs / stepMs));
  }
}
