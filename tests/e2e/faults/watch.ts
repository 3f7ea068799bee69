import { delay } from "@std/async/delay";
import { askStats } from "../../../lib/status/client.ts";
import type { LegionStats } from "../../../lib/status/report.ts";
import type { Step } from "./lords_over_time.ts";

// How often a node is asked, in milliseconds.
const usualMs = 10;

/** The guarantee that a node tells. */
export type Said = LegionStats["guarantee"];

/**
 * Asks nodes for their status every 10 ms or so, and keeps how many were lord. Times are the wall clock's,
 * since those in the diaries are.
 */
export class Watch implements AsyncDisposable {
  readonly #nodes: readonly Gaze[];
  readonly #steps: Step[] = [];
  readonly #leaseSteps: Step[] = [];
  readonly #namedSteps: Step[] = [];
  readonly #closing = new AbortController();
  readonly #running: Promise<unknown>;

  readonly #sampleMs: number;

  /**
   * @param sockets of the nodes' stats; those of nodes that do not run answer later, or never
   * @param sampleMs the time between two questions, where answers would take the time of nodes
   */
  constructor(sockets: readonly string[], sampleMs = usualMs) {
    this.#sampleMs = sampleMs;
    this.#nodes = sockets.map((path) => new Gaze(path, sampleMs));
    const { signal } = this.#closing;
    this.#running = Promise.all([...this.#nodes.map((node) => node.run(signal)), this.#run()]);
  }

  /** How many were lord at each sample. */
  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** How many of them said `guarantee: lease`. */
  get leaseSteps(): readonly Step[] {
    return this.#leaseSteps;
  }

  /** How many nodes were lord at each sample by what any node had heard. */
  get namedSteps(): readonly Step[] {
    return this.#namedSteps;
  }

  /** The nodes that are lord now, by their indexes. */
  get lords(): number[] {
    const now = Date.now();
    return [...this.#nodes.keys()].filter((index) => now < this.#nodes[index].lordUntilMs);
  }

  /** Until when a node is lord, should it not answer any more; -Infinity: it is not. */
  lordUntilMs(node: number): number {
    return this.#nodes[node].lordUntilMs;
  }

  /** The guarantee that a node last told, with its reason; undefined: none while it listens. */
  said(node: number): { readonly guarantee: Said; readonly why: string } | undefined {
    return this.#nodes[node].said;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const { lords } = this;
      const leased = lords.filter((index) => this.said(index)?.guarantee === "lease");
      const atMs = Date.now();
      this.#steps.push({ atMs, lords: lords.length });
      this.#leaseSteps.push({ atMs, lords: leased.length });
      const named = new Set(this.#nodes.flatMap(({ names }) => names));
      this.#namedSteps.push({ atMs, lords: named.size });
      await delay(this.#sampleMs);
    }
  }
}

/** What one node last said. */
class Gaze {
  readonly #path: string;
  readonly #sampleMs: number;
  lordUntilMs = -Infinity;
  said?: { readonly guarantee: Said; readonly why: string };
  /** The lords that the node last named; none while it does not answer. */
  names: readonly string[] = [];

  constructor(path: string, sampleMs: number) {
    this.#path = path;
    this.#sampleMs = sampleMs;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const { legions: [legion] } = await askStats({ path: this.#path }, false);
        this.lordUntilMs = lordUntilMs(legion, Date.now());
        // A node of uWSGI names none.
        this.names = legion.lords ?? [];
        this.said = legion.state === "listening"
          ? undefined
          : { guarantee: legion.guarantee, why: legion.guarantee_why };
      } catch (error) {
        // A process that has ended is lord no more; one that is stopped is, until its lease ends.
        if (hasEnded(error)) [this.lordUntilMs, this.said, this.names] = [-Infinity, undefined, []];
      }
      await delay(this.#sampleMs);
    }
  }
}

/** A process that is stopped cannot say that its lease has run out, nor act as lord when it has. */
function lordUntilMs(legion: LegionStats, nowMs: number): number {
  if (legion.i_am_the_lord === 0) return -Infinity;
  return legion.lease_seconds > 0 ? nowMs + legion.lease_seconds * 1000 : Infinity;
}

function hasEnded(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.ConnectionRefused;
}
