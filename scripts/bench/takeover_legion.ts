import { abortable } from "@std/async/abortable";
import { delay } from "@std/async/delay";
import { preciseTimeMs } from "../../tests/lab/precise_time.ts";
import type { TestProcess } from "../../tests/lab/process.ts";
import { type Ending, startAgain } from "../../tests/lab/start_again.ts";
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

  /** Starts all nodes on servers without any memory; measures from the start of the last. */
  async firstStart(): Promise<number> {
    for (const memory of this.#scene.memories) await memory.wipe();
    return await this.#startAll();
  }

  /** Stops all nodes, and starts them together; measures from the start of the last. */
  async boot(): Promise<number> {
    await this.#stopAll();
    return await this.#startAll();
  }

  /** The same, with the servers rebooted between. */
  async reboot(): Promise<number> {
    await this.#stopAll();
    for (const memory of this.#scene.memories) await memory.reboot();
    return await this.#startAll();
  }

  /** Stops the lord's server dead: all its processes are gone at one moment. */
  async kill(): Promise<number> {
    await this.#steady();
    const killed = await this.#aimed(best);
    return await this.#succeeded(() => {
      const begunMs = preciseTimeMs();
      killed();
      return begunMs;
    });
  }

  /** Tells the lord to stop. */
  async stop(): Promise<number> {
    await this.#steady();
    const seconds = await this.#succeeded(() => {
      const begunMs = preciseTimeMs();
      this.#nodes[best].signal("SIGTERM");
      return begunMs;
    });
    await this.#ended(best);
    return seconds;
  }

  /**
   * Ends a node, and has its supervisor start it again; returns when its end began, by
   * `preciseTimeMs`.
   *
   * @throws Error when it does not end
   */
  async startAgain(server: number, ending: Ending): Promise<number> {
    await this.#steady();
    const killed = await this.#aimed(server);
    const begunMs = preciseTimeMs();
    const process = this.#nodes[server];
    const end = () =>
      ending === "kill" ? killed() : this.#kind.restart(this.#scene, server, process);
    await startAgain(process, end, async () => {
      this.#nodes[server] = await this.#start(server);
    });
    return begunMs;
  }

  /** Pulls out the lord's wire, and plugs it in again afterwards: the title comes back. */
  async cut(): Promise<number> {
    await this.#steady();
    const { lan } = this.#scene;
    const from = this.#nodes[best].lines.length;
    let seconds: number;
    try {
      seconds = await this.#succeeded(async () => {
        const begunMs = preciseTimeMs();
        await lan.plug(best, "down");
        return begunMs;
      });
    } finally {
      await lan.plug(best, "up");
    }
    await this.#becomesLord(best, from);
    return seconds;
  }

  /** Brings back the node of the highest rank; measures from its start to its request. */
  async comeBack(): Promise<number> {
    await this.#steady();
    const seconds = await this.#untilAsked(async () => {
      const begunMs = preciseTimeMs();
      this.#nodes[best] = await this.#start(best);
      return begunMs;
    }, best);
    await this.#becomesLord(best);
    return seconds;
  }

  /** Waits until the node of the highest rank is lord, by what its present process says. */
  async bestIsLord(): Promise<void> {
    await this.#becomesLord(best);
  }

  /** How often a node has become lord, by what the present processes say. */
  get lordships(): number {
    const lines = this.#nodes.flatMap(({ lines }) => lines);
    return lines.filter((line) => this.#kind.lord.test(line)).length;
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

  /** Measures from the start of the last node to the first request. */
  async #startAll(): Promise<number> {
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

  /** Stops one node after the other, the lord last, so that no other asks for the address. */
  async #stopAll(): Promise<void> {
    await this.#steady();
    for (const server of [...this.#nodes.keys()].reverse()) {
      this.#nodes[server].signal("SIGTERM");
      await this.#ended(server);
    }
  }

  /** Waits for the end of a node that was told to stop, and ends the processes that it leaves. */
  async #ended(server: number): Promise<void> {
    const patience = AbortSignal.any([this.#signal, AbortSignal.timeout(this.#patienceMs)]);
    await abortable(this.#nodes[server].status(), patience);
    await this.#end(server);
  }

  async #end(server: number): Promise<void> {
    (await this.#aimed(server))();
    await this.#nodes[server].status();
  }

  /** Finds the processes of a server; the result kills them all at one moment. */
  async #aimed(server: number): Promise<() => void> {
    // Some nodes are several processes, of which the last started may speak for the others.
    const processes = (await this.#scene.lan.processes(server)).toReversed();
    return () => {
      for (const pid of processes) {
        try {
          Deno.kill(pid, "SIGKILL");
        } catch (error) {
          if (!(error instanceof Deno.errors.NotFound)) throw error;
        }
      }
    };
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
