import { abortable } from "@std/async/abortable";
import { delay } from "@std/async/delay";
import { preciseTimeMs } from "../../tests/lab/precise_time.ts";
import type { TestProcess } from "../../tests/lab/process.ts";
import type { Kind, Timing } from "./takeover_kinds.ts";
import { type Scene, servers } from "./takeover_scene.ts";

const best = 0;
const second = 1;

/** A lord can be elected before the last of the nodes is there. */
const startMs = 500;

/**
 * Three nodes of a kind, and how long each fault takes from the moment it begins to the moment the
 * Robot is asked by the next lord: all in seconds.
 */
export class BenchLegion implements AsyncDisposable {
  readonly #scene: Scene;
  readonly #kind: Kind;
  readonly #timing: Timing;
  readonly #signal: AbortSignal;
  readonly #nodes: TestProcess[] = [];

  /** @param signal ends all waits */
  constructor(scene: Scene, kind: Kind, timing: Timing, signal: AbortSignal) {
    this.#scene = scene;
    this.#kind = kind;
    this.#timing = timing;
    this.#signal = signal;
  }

  /** From the start of the last node, when all are started together, to the first request. */
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

  /** The lord's server stops dead: all that runs there is gone at one moment. */
  async kill(): Promise<number> {
    await this.#steady();
    // Some are several processes, and the last to be started may speak for the others.
    const processes = (await this.#scene.lan.processes(best)).toReversed();
    return await this.#succeeded(() => {
      const begunMs = preciseTimeMs();
      for (const pid of processes) Deno.kill(pid, "SIGKILL");
      return begunMs;
    });
  }

  /** The lord is told to stop. */
  async stop(): Promise<number> {
    await this.#steady();
    return await this.#succeeded(() => {
      const begunMs = preciseTimeMs();
      this.#nodes[best].signal("SIGTERM");
      return begunMs;
    });
  }

  /** The lord's wire is pulled out, and plugged in again afterwards. */
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

  /** From the start of the node with the highest rank, that was gone, to its request. */
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

  /** What all nodes have said. */
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

  /** Ends all that runs on a server: some leave processes behind. */
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

  /** The fault begins anywhere between two announcements, and some periods after the last change. */
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

  /** @param fault the result is when it began */
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
