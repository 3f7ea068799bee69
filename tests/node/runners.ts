import type { LegionConfig } from "../../lib/config/config.ts";
import { formatAddress } from "../../lib/config/address.ts";
import { forgotten, type Past } from "../../lib/legion/notes.ts";
import type { LegionRunner } from "../../lib/node/legion_runner.ts";
import { noMemory } from "../../lib/node/memory/memory.ts";
import type { TransportOptions } from "../../lib/node/transport.ts";
import type { NodeStats } from "../../lib/status/node_stats.ts";
import { HandClock } from "../lab/hand_clock.ts";
import { bind } from "./bind.ts";
import { legionConfig } from "./legion_config.ts";

const port = 2000;
const hosts: Record<string, string> = { a: "10.0.0.1", b: "10.0.0.2", c: "10.0.0.3" };

/**
 * Three runners of one legion, a, b and c of valor 30, 20 and 10, on a network in memory and by a
 * clock that the test moves.
 */
export class Runners {
  readonly clock = new HandClock();
  readonly #ears = new Map<string, TransportOptions["received"]>();
  readonly #runners = new Map<string, LegionRunner>();
  /** The ways that are cut, as `a>b`. */
  readonly cuts = new Set<string>();

  /** Begins with nobody, at a time that is not 0. */
  constructor() {
    this.clock.pass(1_000_000_000);
  }

  /**
   * Starts a node.
   *
   * @param options.aheadSeconds how far its wall clock is ahead
   * @param options.past the things it knows of the process before it
   */
  async start(
    name: string,
    changed: Partial<LegionConfig> = {},
    { aheadSeconds = 0, past = forgotten }: { aheadSeconds?: number; past?: Past } = {},
  ): Promise<void> {
    const config = configOf(name, changed);
    const { clock } = this;
    const own = {
      now: () => {
        const { monotonicMs, wallMs } = clock.now();
        return { monotonicMs, wallMs: wallMs + aheadSeconds * 1_000 };
      },
      at: (atMs: number, callback: () => void) => clock.at(atMs, callback),
    };
    const open = (options: TransportOptions) => {
      this.#ears.set(name, options.received);
      const send = (datagram: Uint8Array, to: { host: string; port: number }) => {
        const peer = Object.keys(hosts).find((peer) => hosts[peer] === to.host);
        if (peer === undefined || this.cuts.has(`${name}>${peer}`)) return;
        queueMicrotask(() => this.#ears.get(peer)?.(datagram, { host: hosts[name], port }));
      };
      return Promise.resolve({ send, close: () => Promise.resolve() });
    };
    const { runner } = await bind(config, name, open, undefined, own, undefined, undefined, {
      ...noMemory,
      past,
    });
    this.#runners.set(name, runner);
    runner.start();
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    await this.clock.passSlowly(ms);
  }

  /** The runner of a node. */
  of(name: string): LegionRunner {
    return this.#runners.get(name)!;
  }

  /** Changes the configuration of a node that runs. */
  reload(name: string, changed: Partial<LegionConfig>): void {
    this.of(name).reconfigure(configOf(name, changed));
  }

  /** Ends a node without a word, as a power cut does. */
  async kill(name: string): Promise<void> {
    this.#ears.delete(name);
    this.cuts.add(`${name}>a`).add(`${name}>b`).add(`${name}>c`);
    await this.of(name).close();
    this.#runners.delete(name);
  }

  /** Lets a node take leave. */
  async stop(name: string): Promise<void> {
    const stopped = this.of(name).stop();
    await this.pass(1_000);
    await stopped;
    this.#ears.delete(name);
    this.#runners.delete(name);
  }

  /** Ends all that is left. */
  async close(): Promise<void> {
    for (const runner of this.#runners.values()) await runner.close();
  }

  /** What a node says of another, or of itself. */
  row(seenFrom: string, of: string): NodeStats {
    const { roster } = this.of(seenFrom).stats();
    const node = formatAddress({ host: hosts[of], port });
    return roster.find((row) => row.node === node)!;
  }

  /** The troubles that a node has with each other, as `b silent`; none are left out. */
  troubles(seenFrom: string): string[] {
    const { roster } = this.of(seenFrom).stats();
    return roster.flatMap(({ node, troubles }) => {
      const name = Object.keys(hosts).find((name) => node.startsWith(`${hosts[name]}:`)) ?? node;
      return troubles.map(({ kind }) => `${name} ${kind}`);
    });
  }
}

function configOf(name: string, changed: Partial<LegionConfig>): LegionConfig {
  const valor = { a: 30, b: 20, c: 10 }[name];
  const others = Object.keys(hosts).filter((other) => other !== name);
  return legionConfig({
    address: { host: hosts[name], port },
    nodes: others.map((other) => ({ host: hosts[other], port })),
    valor,
    quorum: 2,
    freqMs: 1_000,
    toleranceMs: 4_000,
    ...changed,
  });
}
