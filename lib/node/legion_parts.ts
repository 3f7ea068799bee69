import type { Address } from "../base/address.ts";
import type { Clock } from "../base/clock.ts";
import type { EventLevel } from "../base/log_level.ts";
import { normalAddress, parseAddress } from "../config/address.ts";
import type { LegionConfig } from "../config/config.ts";
import type { Announcement } from "../legion/announcement.ts";
import type { AccountGuard } from "../move/account_guard.ts";
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
import { StopNotes } from "./stop_notes.ts";
import type { Wire } from "./wire.ts";

/** The configuration of a legion, and the means of its parts. */
export interface LegionPartsOptions {
  /** The legion's configuration at the start. */
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
  /** Called when {@link LegionStatus.standing} has changed. */
  readonly changed?: () => void;
}

/** How far a legion is: it begins once its address is listened on. */
export type Stage = "waiting" | "begun" | "over";

/** The course of a legion, by which its parts go. */
export interface Course {
  /** The legion's configuration, as it is now. */
  readonly config: () => LegionConfig;
  /** How far the legion is now. */
  readonly stage: () => Stage;
}

/**
 * The parts of a legion in a node: one for each thing that the legion asks for, and the legion, which
 * they tell of announcements, of the ends of hooks and of the service.
 */
export class LegionParts {
  /** The legion, driven by the clock. */
  readonly legion: DrivenLegion;
  /** Looks after the actions of the lord hooks. */
  readonly actions: LordActions;
  /** Watches whether this node may be lord. */
  readonly fitness: FitnessWatch;
  /** Keeps what the node tells of the legion. */
  readonly status: LegionStatus;
  readonly #options: LegionPartsOptions;
  readonly #course: Course;
  readonly #wire: Wire;
  readonly #notes: DatagramNotes;
  readonly #record: LegionRecord;
  readonly #hooks: LegionHooks;
  readonly #aside: OwnAside;

  /**
   * Makes the parts, and has them told of all that comes over the wire. The legion has not started.
   *
   * @param wire the announcements of the legion, which the caller closes
   */
  constructor(options: LegionPartsOptions, course: Course, wire: Wire) {
    const { config, name, pid, version = "", clock, guard, memory = noMemory } = options;
    this.#options = options;
    this.#course = course;
    this.#wire = wire;
    this.#aside = new OwnAside(version);
    const log = (level: EventLevel, message: string) => this.log(level, message);
    const wallMs = () => clock.now().wallMs;
    const leaseMs = () => this.legion.leaseMs(course.config().releaseMs);
    this.#notes = new DatagramNotes(config.voters, { clock, log });
    this.#record = new LegionRecord({ name, wallMs, hooks: config.hooks, here: hereOf(config) });
    this.actions = new LordActions(config, {
      clock,
      memory,
      record: this.#record,
      leaseMs,
      care: {
        guard,
        recheck: () => this.legion.recheck(),
        refused: (logins) => this.fitness.refused(logins),
        localHosts: options.localHosts,
        log,
        seen: (sight) => this.#record.addressSeen(sight),
        moves: (ip, step) => this.#record.moves(ip, step),
      },
    });
    this.fitness = new FitnessWatch({
      legion: config.name,
      checks: config.checks,
      clock,
      log,
      tell: (reasons) => this.legion.step((legion, now) => legion.tell(reasons, now)),
      before: serviceBefore(memory),
      note: (service) => memory.noteService(service),
    });
    this.#hooks = new LegionHooks({
      config: course.config,
      record: this.#record,
      care: this.actions.care,
      upkeep: this.actions.upkeep,
      leaseMs,
      guard,
      resumed: lordshipBefore(memory),
      recheck: () => this.legion.recheck(),
      log,
      output: (line) => options.log("info", line, config.name),
      ended: (end) => this.legion.step((legion, now) => legion.hooksEnded(end, now)),
    });
    const newUuid = () => crypto.randomUUID();
    this.legion = new DrivenLegion({ ...config, legion: config.name, name, pid, newUuid }, {
      clock,
      hands: this.#hands(memory),
    });
    this.status = new LegionStatus({
      ...options,
      config: course.config,
      view: () => this.legion.view(),
      waits: () => course.stage() === "waiting",
      record: this.#record,
      notes: this.#notes,
      fitness: this.fitness,
      memory,
      log,
    });
    wire.listen({
      log,
      heard: (said, from) => this.#heard(said, from),
      dropped: (from, error, said) => this.#notes.dropped(from, error, said),
      unsent: (to, reason) => this.#notes.unsent(to, reason),
    });
  }

  /**
   * Has all parts but the legion go by another configuration from now on.
   *
   * @returns when the looks at new addresses, and at those in trouble, have ended
   */
  async reconfigure(config: LegionConfig): Promise<void> {
    this.#notes.reconfigure(config.voters);
    this.#record.keepOnly(config.hooks, hereOf(config));
    this.#hooks.keepOnly(config.hooks);
    const looks = this.actions.replace(config, () => this.legion.isLord);
    this.fitness.replace(config.checks);
    await looks;
  }

  /** Ends all parts; resolves when nothing of them runs any more. */
  async close(): Promise<void> {
    this.legion.end();
    await this.actions.close();
    await this.fitness.close();
    await this.#hooks.ended;
  }

  /** Writes a line to the log, and among the events of the status. */
  log(level: EventLevel, message: string): void {
    this.#record.event(level, message);
    this.#options.log(level, message, this.#options.config.name);
  }

  #heard(said: Announcement, from: Address): void {
    if (this.#course.stage() !== "begun") return;
    const at = normalAddress(from);
    if (this.#course.config().lease === "off" && said.seq > 0) this.#notes.leased(said.name, from);
    this.legion.step((legion, now) => legion.heard(said, at, now));
    this.#notes.hear(said, at);
    this.status.heard(said);
  }

  #hands(memory: Memory): Hands {
    const log = (level: EventLevel, message: string) => this.log(level, message);
    const stops = new StopNotes({ clock: this.#options.clock, log });
    return {
      titled: (isLord, claims) => {
        // The watch of a lord must have ended before its unlord hooks begin.
        this.actions.care.lord(isLord);
        if (this.#course.stage() === "waiting") return;
        this.actions.upkeep.settle(claims, () => this.legion.view().isResuming);
      },
      note: (notes) => memory.note(notes),
      announce: (announcement, also) => this.#announce(announcement, also),
      runHooks: (effect) => this.#hooks.run(effect),
      abortHooks: () => this.#hooks.abort(),
      log,
      changed: () => this.status.note(),
      woken: (lateMs) => stops.woke(lateMs, this.#course.config().toleranceMs),
    };
  }

  #announce(announcement: Announcement, also: readonly string[]): void {
    const { reasons } = this.legion;
    const { addresses } = this.#record;
    const { name, clock } = this.#options;
    const { wallMs } = clock.now();
    this.status.lookInPassing();
    const whole = this.#aside.addTo(announcement, { reasons, addresses, name, wallMs });
    this.#wire.send(whole, { nodes: this.#course.config().nodes, also });
  }
}

/** This node's own address, as far as it is known. */
function hereOf({ node, address }: LegionConfig): string {
  return node === undefined ? address.host : parseAddress(node).host;
}
