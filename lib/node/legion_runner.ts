import type { EventLevel } from "../base/log_level.ts";
import type { Address } from "../base/address.ts";
import { normalAddress, parseAddress } from "../config/address.ts";
import type { LegionConfig } from "../config/config.ts";
import type { AccountGuard } from "../move/account_guard.ts";
import type { AddressSight, TakeoverStep } from "../move/context.ts";
import type { Announcement } from "../legion/announcement.ts";
import type { Effect } from "../legion/effects.ts";
import { Legion } from "../legion/legion.ts";
import type { Reconfigurable } from "../legion/options.ts";
import type { LegionStats } from "../status/report.ts";
import { standsBackText } from "../status/stands_back.ts";
import { ActionCare } from "./action_care.ts";
import type { Clock } from "../base/clock.ts";
import { lordshipBefore, serviceBefore } from "./before.ts";
import { type Codec, createCodec } from "./codec.ts";
import { DatagramNotes } from "./datagram_notes.ts";
import { FitnessWatch } from "./fitness_watch.ts";
import { LegionHooks } from "./legion_hooks.ts";
import { LegionRecord } from "./legion_record.ts";
import { LegionStatus } from "./legion_status.ts";
import type { Log } from "./log.ts";
import { type Memory, noMemory } from "./memory/memory.ts";
import { OwnAside } from "./own_aside.ts";
import { OwnEntry } from "./own_entry.ts";
import { type Open, openPatiently } from "./patient_transport.ts";
import { StopNotes } from "./stop_notes.ts";
import type { Transport } from "./transport.ts";
import { Upkeep } from "./upkeep.ts";

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

// The wait before the looks at the start, in milliseconds.
const preflightMs = 1_000;

/**
 * Runs one legion: tells `lib/legion` of datagrams, the time and the ends of hooks, and carries out
 * the effects that come back. One file, since this is the one place where all that a legion asks
 * for is carried out.
 */
export class LegionRunner {
  readonly #options: LegionRunnerOptions;
  #config: LegionConfig;
  readonly #legion: Legion;
  readonly #memory: Memory;
  readonly #codec: Codec;
  readonly #transport: Transport;
  readonly #notes: DatagramNotes;
  readonly #care: ActionCare;
  readonly #upkeep: Upkeep;
  readonly #fitness: FitnessWatch;
  readonly #record: LegionRecord;
  readonly #ownEntry: OwnEntry;
  readonly #hooks: LegionHooks;
  readonly #stops: StopNotes;
  readonly #status: LegionStatus;
  readonly #aside: OwnAside;
  readonly #reporting = {
    log: (level: EventLevel, message: string) => this.#log(level, message),
    seen: (sight: AddressSight) => this.#record.addressSeen(sight),
    moves: (ip: string, step: TakeoverStep) => this.#record.moves(ip, step),
  };
  /** The legion begins once its address is listened on. */
  #life: "waiting" | "begun" | "over" = "waiting";
  readonly #stopped = Promise.withResolvers<void>();
  #ended?: Promise<void>;
  /** Calls the looks at the start off. */
  #cancelPreflight = () => {};
  /** Calls the next wake-up off; undefined while none is set. */
  #cancelWake?: () => void;
  /** The moment at which the legion asked to be woken, monotonic, in milliseconds. */
  #wakeMs = Infinity;

  /**
   * Listens for a legion, which does nothing else before {@link LegionRunner.start}. An address that
   * is not on this machine yet is waited for.
   *
   * @throws BindError when the legion's address cannot be listened on for another reason
   */
  static async bind(options: LegionRunnerOptions): Promise<LegionRunner> {
    const { config: { name, address, casting, multicastTtl: ttl }, open, clock } = options;
    const codec = await createCodec(options.config);
    // Datagrams that come before there is anybody to take them are lost, as on any network.
    let runner: LegionRunner | undefined;
    const transport = await openPatiently({
      address,
      casting,
      ttl,
      longest: codec.longest,
      received: (datagram, from) => runner?.received(datagram, from),
      unsent: (to, reason) => runner?.unsent(to, reason),
      clock,
      log: (level, message) => {
        if (runner === undefined) options.log(level, message, name);
        else runner.#log(level, message);
      },
    }, open);
    return runner = new LegionRunner(options, { codec, transport });
  }

  private constructor(
    options: LegionRunnerOptions,
    { codec, transport }: { codec: Codec; transport: Transport },
  ) {
    const { config, name, pid, version = "" } = options;
    this.#options = options;
    this.#aside = new OwnAside(version);
    this.#config = config;
    this.#transport = transport;
    this.#codec = codec;
    const { clock, guard, memory = noMemory } = options;
    this.#memory = memory;
    this.#notes = new DatagramNotes(config.voters, { clock, log: this.#reporting.log });
    const wallMs = () => options.clock.now().wallMs;
    this.#record = new LegionRecord({ name, wallMs, hooks: config.hooks });
    this.#care = new ActionCare(lordActions(config), {
      guard,
      recheck: () => this.#recheck(),
      refused: (logins) => this.#fitness.refused(logins),
      localHosts: options.localHosts,
      ...this.#reporting,
    });
    const leaseMs = () => this.#leaseMs;
    this.#upkeep = new Upkeep({ leaseMs, log: this.#reporting.log });
    const before = serviceBefore(memory);
    if (lordshipBefore(memory) === "lord") this.#care.haveWorked();
    else this.#care.haveFailed(before?.refused ?? []);
    this.#fitness = new FitnessWatch({
      legion: config.name,
      checks: config.checks,
      clock: options.clock,
      log: this.#reporting.log,
      tell: (reasons) => this.#carryOut(this.#legion.tell(reasons, this.#now())),
      before,
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
      care: this.#care,
      upkeep: this.#upkeep,
      leaseMs,
      guard,
      resumed: lordshipBefore(memory),
      recheck: () => this.#recheck(),
      log: this.#reporting.log,
      output: (line) => options.log("info", line, config.name),
      ended: (end) => this.#carryOut(this.#legion.hooksEnded(end, this.#now())),
    });
    this.#stops = new StopNotes({ clock, log: this.#reporting.log });
    this.#legion = new Legion({
      ...config,
      legion: config.name,
      name,
      pid,
      newUuid: () => crypto.randomUUID(),
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
  }

  /** Starts the checks, and the legion once its address is listened on. Must be called once. */
  start(): void {
    const { past } = this.#memory;
    const isRestart = past.kind === "noted" && past.notes.end === "restart" &&
      lordshipBefore(this.#memory) !== undefined;
    this.#upkeep.begin(lordActions(this.#config), isRestart);
    this.#fitness.start();
    this.#care.tellRefused();
    this.#ownEntry.seek(this.#config);
    const { opened } = this.#transport;
    if (opened === undefined) return this.#begin();
    this.#status.note();
    opened.then(() => this.#begin()).catch(reportError);
  }

  #begin(): void {
    if (this.#life !== "waiting") return;
    this.#life = "begun";
    this.#carryOut(this.#legion.start(this.#now(), this.#memory.past));
    // A reload may have come meanwhile.
    if (this.#config !== this.#options.config) this.#reconfigureLegion();
    // The first request takes the runtime a while, and many servers have one processor or two: a lord
    // that is elected at once asks for its addresses before any node looks. The lord hooks of a node
    // that takes up again look, if they come to run.
    const { clock, config: { toleranceMs } } = this.#options;
    const takesUp = lordshipBefore(this.#memory) !== undefined;
    const waitMs = takesUp ? Math.max(toleranceMs, preflightMs) : preflightMs;
    this.#cancelPreflight = clock.at(this.#now().monotonicMs + waitMs, () => {
      this.#upkeep.preflight(lordActions(this.#config)).catch(reportError);
      const { hasLooked, running, addresses } = this.#record;
      const hasAsked = hasLooked || running.some(({ event }) => event === "lord");
      if (!hasAsked) return this.#care.preflight(takesUp || this.#isOrdered);
      // A lord hook tells where an address points, unless it was refused.
      const unseen = addresses.filter(({ seen }) => seen === 0).map(({ ip }) => ip);
      this.#care.preflightAfterHooks(unseen);
    });
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
    this.#record.keepOnly(config.hooks);
    this.#hooks.keepOnly(config.hooks);
    const looks = this.#care.replace(lordActions(config));
    const isLord = this.#now().monotonicMs < this.#legion.lordUntilMs;
    this.#upkeep.replace(lordActions(config), isLord);
    this.#fitness.replace(config.checks);
    if (this.#life !== "over") this.#ownEntry.seek(config);
    if (this.#life === "begun") this.#reconfigureLegion();
    await looks;
  }

  #reconfigureLegion(): void {
    this.#carryOut(this.#legion.reconfigure(reconfigurable(this.#config), this.#now()));
  }

  /** Whether somebody wanted this start: the process before this one, if any, has not crashed. */
  get #isOrdered(): boolean {
    const { past } = this.#memory;
    return past.kind === "forgotten" || past.notes.end !== undefined;
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
    this.#carryOut(this.#legion.promote(this.#now()));
    return undefined;
  }

  /**
   * Looks where one of the lord hooks' addresses points, since somebody else may have moved it.
   *
   * @param told as {@link ActionCare.look} has it
   */
  look(ip: string, told?: string): Promise<void> {
    return this.#care.look(ip, told);
  }

  /** Whether an address is in trouble: its login, its last look or its last takeover has failed. */
  get hasTrouble(): boolean {
    return this.#care.hasTrouble;
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
    return Math.max(0, this.#now().monotonicMs - this.#wakeMs);
  }

  /** Leaves the legion; resolves when that is done. A second call skips the death hooks. */
  async stop(): Promise<void> {
    if (this.#life === "waiting") this.#ended = this.close();
    if (this.#life === "over") return await this.#ended;
    // A second call takes leave at once, which may not come before everything is given up.
    if (this.#ended !== undefined) await this.#upkeep.undone;
    this.#carryOut(this.#legion.stop(this.#now()));
    // The legion is leaving, so the results of the checks no longer matter.
    this.#fitness.close().catch(reportError);
    await (this.#ended ??= this.#stopped.promise.then(() => this.close()));
  }

  /**
   * Ends without leaving the legion, so that the next process goes on as this node; resolves when
   * nothing runs any more. Hooks that run are aborted. Does nothing else where the node leaves.
   */
  async halt(): Promise<void> {
    if (this.#ended !== undefined) return await this.#ended;
    this.#upkeep.letBe();
    if (this.#life === "begun") this.#carryOut(this.#legion.halt(this.#now()));
    await (this.#ended = this.close());
  }

  /** Closes everything without telling the peers; resolves when nothing runs any more. */
  async close(): Promise<void> {
    this.#life = "over";
    this.#wakeAt(Infinity);
    this.#cancelPreflight();
    this.#ownEntry.close();
    this.#upkeep.giveUp();
    await this.#upkeep.undone;
    await this.#care.close();
    await this.#fitness.close();
    await this.#hooks.ended;
    await this.#transport.close();
    this.#memory.close();
  }

  /** The status of the legion. */
  stats(): LegionStats {
    return this.#status.stats();
  }

  /** Takes in a datagram, whatever it holds. */
  received(datagram: Uint8Array, from: Address): void {
    const at = normalAddress(from);
    let said: Announcement | undefined;
    try {
      said = this.#codec.read(datagram);
      if (this.#life !== "begun") return;
      if (this.#config.lease === "off" && said.seq > 0) this.#notes.leased(said.name, from);
      this.#carryOut(this.#legion.heard(said, at, this.#now()));
      this.#notes.hear(said, at);
      this.#status.heard(said);
    } catch (error) {
      // No datagram may end the node, not even one that meets a mistake in this program.
      this.#notes.dropped(from, error, said);
    }
  }

  /** Takes note of a datagram that could not be sent. */
  unsent(to: Address, reason: string): void {
    this.#notes.unsent(to, reason);
  }

  #now() {
    return this.#options.clock.now();
  }

  #log(level: EventLevel, message: string): void {
    this.#record.event(level, message);
    this.#options.log(level, message, this.#config.name);
  }

  #carryOut(effects: Effect[]): void {
    // The care comes first: the watch of a lord must have ended before its unlord hooks begin.
    const { monotonicMs } = this.#now();
    this.#care.lord(monotonicMs < this.#legion.lordUntilMs);
    if (this.#life !== "waiting") {
      const isResuming = () => this.#legion.view().isResuming;
      this.#upkeep.settle(monotonicMs < this.#legion.claimUntilMs, isResuming);
    }
    for (const effect of effects) {
      switch (effect.type) {
        case "note":
          this.#memory.note(effect.notes);
          break;
        case "announce":
          this.#announce(effect.announcement, effect.also);
          break;
        case "runHooks":
          this.#hooks.run(effect);
          break;
        case "abortHooks":
          this.#hooks.abort();
          break;
        case "log":
          this.#log(effect.level, effect.message);
          break;
        case "wakeAt":
          this.#wakeAt(effect.monotonicMs);
          break;
        case "changed":
          this.#status.note();
          break;
        case "stopped":
          this.#stopped.resolve();
          break;
      }
    }
  }

  /**
   * For how long at least no other node can be lord, in milliseconds. The lease lasts as long as the
   * claim and the release time; where that is capped, as long as twice the claim at least (LEASE.md,
   * rule 5).
   */
  get #leaseMs(): number {
    const claimMs = Math.max(0, this.#legion.claimUntilMs - this.#now().monotonicMs);
    return claimMs + Math.min(claimMs, this.#config.releaseMs);
  }

  /** Lets the legion see the time where its claim to be lord has run out: the claim ends then. */
  #recheck(): void {
    const now = this.#now();
    if (now.monotonicMs >= this.#legion.claimUntilMs) this.#carryOut(this.#legion.tick(now));
  }

  #announce(announcement: Announcement, also: readonly string[]): void {
    const { reasons } = this.#legion;
    const { addresses } = this.#record;
    const { name } = this.#options;
    const { wallMs } = this.#now();
    this.#status.lookInPassing();
    const sources = { reasons, addresses, name, wallMs };
    const datagram = this.#codec.write(this.#aside.addTo(announcement, sources));
    for (const node of this.#config.nodes) this.#transport.send(datagram, node);
    for (const address of also) {
      // Source addresses come from outside: port 0, for one, is no address to send to.
      if (!address.endsWith(":0")) this.#transport.send(datagram, parseAddress(address));
    }
  }

  #wakeAt(monotonicMs: number): void {
    // Most datagrams do not change the time of the next wake-up.
    if (monotonicMs === this.#wakeMs && this.#cancelWake !== undefined) return;
    this.#cancelWake?.();
    this.#wakeMs = monotonicMs;
    this.#cancelWake = this.#options.clock.at(monotonicMs, () => {
      this.#cancelWake = undefined;
      this.#stops.woke(this.overdueMs, this.#config.toleranceMs);
      this.#carryOut(this.#legion.tick(this.#now()));
    });
  }
}

function lordActions({ hooks }: LegionConfig) {
  return hooks.filter(({ event }) => event === "lord").map(({ action }) => action);
}

/** A configuration without the legion's name; in the options of lib/legion `name` is the host's. */
function reconfigurable({ name: _, ...config }: LegionConfig): Reconfigurable {
  return config;
}
