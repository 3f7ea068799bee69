import { abortable } from "@std/async/abortable";
import { delay } from "@std/async/delay";
import { preciseTimeMs } from "../../tests/lab/precise_time.ts";
import type { TestProcess } from "../../tests/lab/process.ts";
import type { Kind, Timing } from "./takeover_kinds.ts";
import { type Scene, servers } from "./takeover_scene.ts";

const best = 0;
const second = 1;

/** The time for the last nodes to start: a lord can be elected before. */
const startMs = 500;

/**
 * Three nodes of a kind. Each method causes a fault and measures the seconds from its beginning
 * until the next lord asks the Robot.
 */
export class BenchLegion implements AsyncDisposable {
  readonly #scene: Scene;
  readonly #kind: Kind;
  readonly #timing: Timing;
  readonly #signal: AbortSignal;
  readonly #nodes: TestProcess[] = [];

  /**
   * Starts nothing before {@link BenchLegion.boot}.
   *
   * @param signal ends all waits
   */
  constructor(scene: Scene, kind: Kind, timing: Timing, signal: AbortSignal) {
    this.#scene = scene;
    this.#kind = kind;
    this.#timing = timing;
    this.#signal = signal;
  }

  /** Starts all nodes together; measures from the start of the last. */
  async boot(): Promise<number> {
    let begunMs = NaN;
    const seconds = await this.#untilAsked(async () => {
      for (let server = 0; server < servers; server++) {
        begunMs = preciseTimeMs();
        this.#nodes[server] = await this.#start(server);
      }
      return begunMs;
    });
    await this.#becomesLord(best);
    return seconds;
  }

  /** Stops the lord's server dead: all its processes are gone at one moment. */
  async kill(): Promise<number> {
    await this.#steady();
    // Some nodes are several processes, of which the last started may speak for the others.
    const processes = (await this.#scene.lan.processes(best)).toReversed();
    return await this.#succeeded(() => {
      const begunMs = preciseTimeMs();
      for (const pid of processes) Deno.kill(pid, "SIGKILL");
      return begunMs;
    });
  }

  /** Tells the lord to stop. */
  async stop(): Promise<number> {
    await this.#steady();
    return await this.#succeeded(() => {
      const begunMs = preciseTimeMs();
      this.#nodes[best].signal("SIGTERM");
      return begunMs;
    });
  }

  /** Pulls out the lord's wire, and plugs it in again afterwards. */
  async cut(): Promise<number> {
    await this.#steady();
    const { lan } = this.#scene;
    try {
      return await this.#succeeded(async () => {
        const begunMs = preciseTimeMs();
        await lan.plug(best, "down");
        return begunMs;
      });
    } finally {
      await lan.plug(best, "up");
    }
  }

  /** Brings back the node of the highest rank; measures from its start to its request. */
  async comeBack(): Promise<number> {
    await this.#end(best);
    await this.#steady();
    const seconds = await this.#untilAsked(async () => {
      const begunMs = preciseTimeMs();
      this.#nodes[best] = await this.#start(best);
      return begunMs;
    }, best);
    await this.#becomesLord(best);
    return seconds;
  }

  /** The lines that all nodes have printed. */
  get log(): string {
    return this.#nodes.flatMap(({ name, lines }) => lines.map((line) => `${name}  ${line}`))
      .join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#nodes.keys()].map((server) => this.#end(server)));
  }

  async #start(server: number): Promise<TestProcess> {
    return await this.#kind.start(this.#scene, server, this.#timing);
  }

  /** Ends every process on a server: some nodes leave processes behind. */
  async #end(server: number): Promise<void> {
    for (const pid of await this.#scene.lan.processes(server)) {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    await this.#nodes[server].status();
  }

  /**
   * Waits, so that a fault begins anywhere between two announcements, and some periods after the
   * last change.
   */
  async #steady(): Promise<void> {
    const periodsMs = (2 + Math.random()) * this.#timing.freqSeconds * 1000;
    await delay(startMs + periodsMs, { signal: this.#signal });
  }

  async #succeeded(fault: () => number | Promise<number>): Promise<number> {
    const from = this.#nodes[second].lines.length;
    const seconds = await this.#untilAsked(fault, second);
    await this.#becomesLord(second, from);
    return seconds;
  }

  async #becomesLord(server: number, from = 0): Promise<void> {
    const said = this.#nodes[server].line(this.#kind.lord, from, this.#patienceMs);
    await abortable(said, this.#signal);
  }

  /**
   * Causes a fault and waits for the Robot to be asked; returns the seconds between.
   *
   * @param fault returns the time at which it began
   */
  async #untilAsked(fault: () => number | Promise<number>, server?: number): Promise<number> {
    const { lan, robot } = this.#scene;
    const asked = robot.nextAsked(
      this.#patienceMs,
      server === undefined ? undefined : lan.addresses[server],
    );
    const both = Promise.all([fault(), asked]);
    const [begunMs, { atMs }] = await abortable(both, this.#signal);
    return (atMs - begunMs) / 1000;
  }

  get #patienceMs(): number {
    const { freqSeconds, toleranceSeconds } = this.#timing;
    return 1000 * (10 + 10 * freqSeconds + 2 * toleranceSeconds);
  }
}
