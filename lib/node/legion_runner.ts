import type { EventLevel } from "../base/log_level.ts";
import { normalAddress } from "../config/address.ts";
import type { LegionConfig } from "../config/config.ts";
import type { Reconfigurable } from "../legion/options.ts";
import type { LegionStats } from "../status/report.ts";
import { standsBackText } from "../status/stands_back.ts";
import { LegionParts, type LegionPartsOptions, type Stage } from "./legion_parts.ts";
import { type Memory, noMemory } from "./memory/memory.ts";
import { OwnEntry } from "./own_entry.ts";
import type { Open } from "./patient_transport.ts";
import { Wire } from "./wire.ts";

/** The configuration of a legion, and the means to run it. */
export interface LegionRunnerOptions extends LegionPartsOptions {
  /**
   * Begins to listen; rejects with a BindError when the address cannot be listened on, with an
   * AddressMissing when it is not there yet.
   */
  readonly open: Open;
}

/**
 * Runs one legion from its start to its end: begins it, passes orders and reloads on to its parts
 * (`node/legion_parts.ts`), and lets it leave or halt.
 */
export class LegionRunner {
  readonly #parts: LegionParts;
  readonly #wire: Wire;
  readonly #memory: Memory;
  readonly #ownEntry: OwnEntry;
  /** The configuration at the start. */
  readonly #first: LegionConfig;
  #config: LegionConfig;
  #stage: Stage = "waiting";
  #ended?: Promise<void>;

  /**
   * Listens for a legion, which does nothing else before {@link LegionRunner.start}. An address that
   * is not on this machine yet is waited for.
   *
   * @throws BindError when the legion's address cannot be listened on for another reason
   */
  static async bind(options: LegionRunnerOptions): Promise<LegionRunner> {
    const { config, open, clock } = options;
    const log = (level: EventLevel, message: string) => options.log(level, message, config.name);
    return new LegionRunner(options, await Wire.open(config, { open, clock, log }));
  }

  private constructor(options: LegionRunnerOptions, wire: Wire) {
    const { config, clock, localHosts = () => [], memory = noMemory } = options;
    this.#first = config;
    this.#config = config;
    this.#wire = wire;
    this.#memory = memory;
    const course = { config: () => this.#config, stage: () => this.#stage };
    this.#parts = new LegionParts(options, course, wire);
    this.#ownEntry = new OwnEntry({
      clock,
      localHosts,
      found: (voters) => {
        this.#parts.log("info", `this node is ${voters.node}`);
        this.reconfigure({ ...this.#config, ...voters });
      },
    });
  }

  /** Starts the checks, and the legion once its address is listened on. Must be called once. */
  start(): void {
    const { actions, fitness, status } = this.#parts;
    actions.begin();
    fitness.start();
    actions.care.tellRefused();
    this.#ownEntry.seek(this.#config);
    const { opened } = this.#wire;
    if (opened === undefined) return this.#begin();
    status.note();
    opened.then(() => this.#begin()).catch(reportError);
  }

  #begin(): void {
    if (this.#stage !== "waiting") return;
    this.#stage = "begun";
    const { legion, actions } = this.#parts;
    const { past } = this.#memory;
    legion.step((legion, now) => legion.start(now, past));
    // A reload may have come meanwhile.
    if (this.#config !== this.#first) this.#reconfigureLegion();
    actions.lookAtStart(legion.isHighest);
  }

  /**
   * Goes by another configuration from now on. Hooks that run go on as they were, but for those that
   * move an address which it no longer has.
   *
   * @param config the running one, but for changes that a reload takes (lib/config/reload.ts)
   * @returns when the looks at new addresses, and at those in trouble, have ended
   */
  async reconfigure(config: LegionConfig): Promise<void> {
    this.#config = config;
    const looks = this.#parts.reconfigure(config);
    if (this.#stage !== "over") this.#ownEntry.seek(config);
    if (this.#stage === "begun") this.#reconfigureLegion();
    await looks;
  }

  #reconfigureLegion(): void {
    this.#parts.legion.step((legion, now) => legion.reconfigure(reconfigurable(this.#config), now));
  }

  /** The legion's name. */
  get name(): string {
    return this.#config.name;
  }

  /** The address that this node listens on, `host:port` in its normal form. */
  get address(): string {
    return normalAddress(this.#config.address);
  }

  /**
   * Makes this node stand back until it is resumed, or the time is over.
   *
   * @param by the person who asked for it, for log and status
   * @param forMs the time in milliseconds; Infinity: without end
   */
  drain(by: string, forMs: number): void {
    this.#parts.fitness.drain(by, forMs);
  }

  /** Ends a drain; returns false when there was none. */
  resume(by: string): boolean {
    return this.#parts.fitness.resume(by);
  }

  /** Ends the holding back of legion-failback; returns the reason where there is nothing to end. */
  promote(by: string): string | undefined {
    const { stands_back, valor, why_not_lord } = this.stats();
    if (this.#stage === "waiting") return why_not_lord;
    if (stands_back.length === 0) {
      return `it does not hold back: it stands with its own valor ${valor}`;
    }
    const others = stands_back.filter(({ kind }) => kind !== "holding back");
    if (others.length > 0) return `it stands back: ${others.map(standsBackText).join("; ")}`;
    this.#parts.log("info", `promoted by ${by}`);
    this.#parts.legion.step((legion, now) => legion.promote(now));
    return undefined;
  }

  /**
   * Looks where one of the lord hooks' addresses points, since somebody else may have moved it.
   *
   * @param told as {@link ActionCare.look} has it
   */
  look(ip: string, told?: string): Promise<void> {
    return this.#parts.actions.care.look(ip, told);
  }

  /** Whether an address is in trouble: its login, its last look or its last takeover has failed. */
  get hasTrouble(): boolean {
    return this.#parts.actions.care.hasTrouble;
  }

  /** The node's part in the legion, in a few words: `failover: follower, lord is web1`. */
  get standing(): string {
    return this.#parts.status.standing;
  }

  /** The reason why the next process will not know of this one; undefined: it will. */
  get forgets(): string | undefined {
    return this.#memory.trouble;
  }

  /** The delay of a wake-up that is overdue, in milliseconds; 0: none is. */
  get overdueMs(): number {
    return this.#parts.legion.overdueMs;
  }

  /** Leaves the legion; resolves when that is done. A second call skips the death hooks. */
  async stop(): Promise<void> {
    if (this.#stage === "waiting") this.#ended = this.close();
    if (this.#stage === "over") return await this.#ended;
    // A second call takes leave at once, which may not come before everything is given up.
    if (this.#ended !== undefined) await this.#parts.actions.upkeep.undone;
    this.#parts.legion.step((legion, now) => legion.stop(now));
    // The legion is leaving, so the results of the checks no longer matter.
    this.#parts.fitness.close().catch(reportError);
    await (this.#ended ??= this.#parts.legion.stopped.then(() => this.close()));
  }

  /**
   * Ends without leaving the legion, so that the next process goes on as this node; resolves when
   * nothing runs any more. Hooks that run are aborted. Does nothing else where the node leaves.
   */
  async halt(): Promise<void> {
    if (this.#ended !== undefined) return await this.#ended;
    this.#parts.actions.upkeep.letBe();
    if (this.#stage === "begun") this.#parts.legion.step((legion, now) => legion.halt(now));
    await (this.#ended = this.close());
  }

  /** Closes everything without telling the peers; resolves when nothing runs any more. */
  async close(): Promise<void> {
    this.#stage = "over";
    this.#ownEntry.close();
    await this.#parts.close();
    await this.#wire.close();
    this.#memory.close();
  }

  /** The status of the legion. */
  stats(): LegionStats {
    return this.#parts.status.stats();
  }
}

/** A configuration without the legion's name; in the options of lib/legion `name` is the host's. */
function reconfigurable({ name: _, ...config }: LegionConfig): Reconfigurable {
  return config;
}
