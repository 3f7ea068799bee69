import type { EventLevel } from "../base/log_level.ts";
import type { Address } from "../base/address.ts";
import { normalAddress, parseAddress } from "../config/address.ts";
import type { LegionConfig } from "../config/config.ts";
import type { AccountGuard } from "../move/account_guard.ts";
import type { AddressSight, TakeoverStep } from "../move/context.ts";
import type { Announcement } from "../legion/announcement.ts";
import type { Reconfigurable } from "../legion/options.ts";
import type { LegionStats } from "../status/report.ts";
import { standsBackText } from "../status/stands_back.ts";
import type { Clock } from "../base/clock.ts";
import { lordshipBefore, serviceBefore } from "./before.ts";
import { DatagramNotes } from "./datagram_notes.ts";
import { DrivenLegion, type Hands } from "./driven_legion.ts";
import { FitnessWatch } from "./fitness_watch.ts";
import { LegionHooks } from "./legion_hooks.ts";
import { LegionRecord } from "./legion_record.ts";
import { LegionStatus } from "./legion_status.ts";
import type { Log } from "./log.ts";
import { LordActions } from "./lord_actions.ts";
import { type Memory, noMemory } from "./memory/memory.ts";
import { OwnAside } from "./own_aside.ts";
import { OwnEntry } from "./own_entry.ts";
import type { Open } from "./patient_transport.ts";
import { StopNotes } from "./stop_notes.ts";
import { Wire } from "./wire.ts";

/** The configuration of a legion, and the means to run it. */
export interface LegionRunnerOptions {
  /** The legion's configuration. */
  readonly config: LegionConfig;
  /** The host name to announce. */
  readonly name: string;
  /** The process id to announce. */
  readonly pid: number;
  /** The version of this program, which is announced; by default none is. */
  readonly version?: string;
  /** The clocks and the alarm. */
  readonly clock: Clock;
  /** Takes the lines for the log. */
  readonly log: Log;
  /** The guard of the accounts at providers, one for all legions of the node. */
  readonly guard: AccountGuard;
  /** The addresses of this machine, by which a node may know its own entry; by default none. */
  readonly localHosts?: () => readonly string[];
  /** Remembers for the next process of this node; by default nothing is remembered. */
  readonly memory?: Memory;
  /** Called when {@link LegionRunner.standing} has changed. */
  readonly changed?: () => void;
  /**
   * Begins to listen; rejects with a BindError when the address cannot be listened on, with an
   * AddressMissing when it is not there yet.
   */
  readonly open: Open;
}

/**
 * Runs one legion from its start to its end: tells the legion of announcements, orders and the ends
 * of hooks (`node/driven_legion.ts`), and has a part for each thing that it asks for.
 */
export class LegionRunner {
  readonly #options: LegionRunnerOptions;
  #config: LegionConfig;
  readonly #legion: DrivenLegion;
  readonly #memory: Memory;
  readonly #wire: Wire;
  readonly #notes: DatagramNotes;
  readonly #actions: LordActions;
  readonly #fitness: FitnessWatch;
  readonly #record: LegionRecord;
  readonly #ownEntry: OwnEntry;
  readonly #hooks: LegionHooks;
  readonly #status: LegionStatus;
  readonly #aside: OwnAside;
  readonly #reporting = {
    log: (level: EventLevel, message: string) => this.#log(level, message),
    seen: (sight: AddressSight) => this.#record.addressSeen(sight),
    moves: (ip: string, step: TakeoverStep) => this.#record.moves(ip, step),
  };
  /** The legion begins once its address is listened on. */
  #life: "waiting" | "begun" | "over" = "waiting";
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
    const { config, name, pid, version = "" } = options;
    this.#options = options;
    this.#aside = new OwnAside(version);
    this.#config = config;
    this.#wire = wire;
    const { clock, guard, memory = noMemory } = options;
    this.#memory = memory;
    this.#notes = new DatagramNotes(config.voters, { clock, log: this.#reporting.log });
    const wallMs = () => options.clock.now().wallMs;
    this.#record = new LegionRecord({ name, wallMs, hooks: config.hooks, here: hereOf(config) });
    const leaseMs = () => this.#legion.leaseMs(this.#config.releaseMs);
    this.#actions = new LordActions(config, {
      clock,
      memory,
      record: this.#record,
      leaseMs,
      care: {
        guard,
        recheck: () => this.#legion.recheck(),
        refused: (logins) => this.#fitness.refused(logins),
        localHosts: options.localHosts,
        ...this.#reporting,
      },
    });
    this.#fitness = new FitnessWatch({
      legion: config.name,
      checks: config.checks,
      clock: options.clock,
      log: this.#reporting.log,
      tell: (reasons) => this.#legion.step((legion, now) => legion.tell(reasons, now)),
      before: serviceBefore(memory),
      note: (service) => memory.noteService(service),
    });
    this.#ownEntry = new OwnEntry({
      clock: options.clock,
      localHosts: options.localHosts ?? (() => []),
      found: (voters) => {
        this.#log("info", `this node is ${voters.node}`);
        this.reconfigure({ ...this.#config, ...voters });
      },
    });
    this.#hooks = new LegionHooks({
      config: () => this.#config,
      record: this.#record,
      care: this.#actions.care,
      upkeep: this.#actions.upkeep,
      leaseMs,
      guard,
      resumed: lordshipBefore(memory),
      recheck: () => this.#legion.recheck(),
      log: this.#reporting.log,
      output: (line) => options.log("info", line, config.name),
      ended: (end) => this.#legion.step((legion, now) => legion.hooksEnded(end, now)),
    });
    const newUuid = () => crypto.randomUUID();
    this.#legion = new DrivenLegion({ ...config, legion: config.name, name, pid, newUuid }, {
      clock,
      hands: this.#hands(),
    });
    this.#status = new LegionStatus({
      ...options,
      config: () => this.#config,
      view: () => this.#legion.view(),
      waits: () => this.#life === "waiting",
      record: this.#record,
      notes: this.#notes,
      fitness: this.#fitness,
      memory,
      log: this.#reporting.log,
    });
    wire.listen({
      log: this.#reporting.log,
      heard: (said, from) => this.#heard(said, from),
      dropped: (from, error, said) => this.#notes.dropped(from, error, said),
      unsent: (to, reason) => this.#notes.unsent(to, reason),
    });
  }

  /** Starts the checks, and the legion once its address is listened on. Must be called once. */
  start(): void {
    this.#actions.begin();
    this.#fitness.start();
    this.#actions.care.tellRefused();
    this.#ownEntry.seek(this.#config);
    const { opened } = this.#wire;
    if (opened === undefined) return this.#begin();
    this.#status.note();
    opened.then(() => this.#begin()).catch(reportError);
  }

  #begin(): void {
    if (this.#life !== "waiting") return;
    this.#life = "begun";
    const { past } = this.#memory;
    this.#legion.step((legion, now) => legion.start(now, past));
    // A reload may have come meanwhile.
    if (this.#config !== this.#options.config) this.#reconfigureLegion();
    this.#actions.lookAtStart(this.#legion.isHighest);
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
    this.#notes.reconfigure(config.voters);
    this.#record.keepOnly(config.hooks, hereOf(config));
    this.#hooks.keepOnly(config.hooks);
    const looks = this.#actions.replace(config, () => this.#legion.isLord);
    this.#fitness.replace(config.checks);
    if (this.#life !== "over") this.#ownEntry.seek(config);
    if (this.#life === "begun") this.#reconfigureLegion();
    await looks;
  }

  #reconfigureLegion(): void {
    this.#legion.step((legion, now) => legion.reconfigure(reconfigurable(this.#config), now));
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
    this.#fitness.drain(by, forMs);
  }

  /** Ends a drain; returns false when there was none. */
  resume(by: string): boolean {
    return this.#fitness.resume(by);
  }

  /** Ends the holding back of legion-failback; returns the reason where there is nothing to end. */
  promote(by: string): string | undefined {
    const { stands_back, valor, why_not_lord } = this.stats();
    if (this.#life === "waiting") return why_not_lord;
    if (stands_back.length === 0) {
      return `it does not hold back: it stands with its own valor ${valor}`;
    }
    const others = stands_back.filter(({ kind }) => kind !== "holding back");
    if (others.length > 0) return `it stands back: ${others.map(standsBackText).join("; ")}`;
    this.#log("info", `promoted by ${by}`);
    this.#legion.step((legion, now) => legion.promote(now));
    return undefined;
  }

  /**
   * Looks where one of the lord hooks' addresses points, since somebody else may have moved it.
   *
   * @param told as {@link ActionCare.look} has it
   */
  look(ip: string, told?: string): Promise<void> {
    return this.#actions.care.look(ip, told);
  }

  /** Whether an address is in trouble: its login, its last look or its last takeover has failed. */
  get hasTrouble(): boolean {
    return this.#actions.care.hasTrouble;
  }

  /** The node's part in the legion, in a few words: `failover: follower, lord is web1`. */
  get standing(): string {
    return this.#status.standing;
  }

  /** The reason why the next process will not know of this one; undefined: it will. */
  get forgets(): string | undefined {
    return this.#memory.trouble;
  }

  /** The delay of a wake-up that is overdue, in milliseconds; 0: none is. */
  get overdueMs(): number {
    return this.#legion.overdueMs;
  }

  /** Leaves the legion; resolves when that is done. A second call skips the death hooks. */
  async stop(): Promise<void> {
    if (this.#life === "waiting") this.#ended = this.close();
    if (this.#life === "over") return await this.#ended;
    // A second call takes leave at once, which may not come before everything is given up.
    if (this.#ended !== undefined) await this.#actions.upkeep.undone;
    this.#legion.step((legion, now) => legion.stop(now));
    // The legion is leaving, so the results of the checks no longer matter.
    this.#fitness.close().catch(reportError);
    await (this.#ended ??= this.#legion.stopped.then(() => this.close()));
  }

  /**
   * Ends without leaving the legion, so that the next process goes on as this node; resolves when
   * nothing runs any more. Hooks that run are aborted. Does nothing else where the node leaves.
   */
  async halt(): Promise<void> {
    if (this.#ended !== undefined) return await this.#ended;
    this.#actions.upkeep.letBe();
    if (this.#life === "begun") this.#legion.step((legion, now) => legion.halt(now));
    await (this.#ended = this.close());
  }

  /** Closes everything without telling the peers; resolves when nothing runs any more. */
  async close(): Promise<void> {
    this.#life = "over";
    this.#legion.end();
    this.#ownEntry.close();
    await this.#actions.close();
    await this.#fitness.close();
    await this.#hooks.ended;
    await this.#wire.close();
    this.#memory.close();
  }

  /** The status of the legion. */
  stats(): LegionStats {
    return this.#status.stats();
  }

  #heard(said: Announcement, from: Address): void {
    if (this.#life !== "begun") return;
    const at = normalAddress(from);
    if (this.#config.lease === "off" && said.seq > 0) this.#notes.leased(said.name, from);
    this.#legion.step((legion, now) => legion.heard(said, at, now));
    this.#notes.hear(said, at);
    this.#status.heard(said);
  }

  #hands(): Hands {
    const stops = new StopNotes({ clock: this.#options.clock, log: this.#reporting.log });
    return {
      titled: (isLord, claims) => {
        // The watch of a lord must have ended before its unlord hooks begin.
        this.#actions.care.lord(isLord);
        if (this.#life === "waiting") return;
        this.#actions.upkeep.settle(claims, () => this.#legion.view().isResuming);
      },
      note: (notes) => this.#memory.note(notes),
      announce: (announcement, also) => this.#announce(announcement, also),
      runHooks: (effect) => this.#hooks.run(effect),
      abortHooks: () => this.#hooks.abort(),
      log: (level, message) => this.#log(level, message),
      changed: () => this.#status.note(),
      woken: (lateMs) => stops.woke(lateMs, this.#config.toleranceMs),
    };
  }

  #announce(announcement: Announcement, also: readonly string[]): void {
    const { reasons } = this.#legion;
    const { addresses } = this.#record;
    const { name, clock } = this.#options;
    const { wallMs } = clock.now();
    this.#status.lookInPassing();
    const whole = this.#aside.addTo(announcement, { reasons, addresses, name, wallMs });
    this.#wire.send(whole, { nodes: this.#config.nodes, also });
  }

  #log(level: EventLevel, message: string): void {
    this.#record.event(level, message);
    this.#options.log(level, message, this.#config.name);
  }
}

/** This node's own address, as far as it is known. */
function hereOf({ node, address }: LegionConfig): string {
  return node === undefined ? address.host : parseAddress(node).host;
}

/** A configuration without the legion's name; in the options of lib/legion `name` is the host's. */
function reconfigurable({ name: _, ...config }: LegionConfig): Reconfigurable {
  return config;
}
