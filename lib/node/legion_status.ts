import type { Clock } from "../base/clock.ts";
import type { EventLevel } from "../base/log_level.ts";
import type { LegionConfig } from "../config/config.ts";
import type { Announcement } from "../legion/announcement.ts";
import type { LegionView } from "../legion/view.ts";
import type { NodeStats } from "../status/node_stats.ts";
import type { LegionStats } from "../status/report.ts";
import { nodesBefore } from "./before.ts";
import { ClockPace } from "./clock_pace.ts";
import type { DatagramNotes } from "./datagram_notes.ts";
import type { LegionRecord } from "./legion_record.ts";
import { lordsOf, reportOf, type ReportSources, standingOf, stateOf } from "./legion_report.ts";
import type { Memory } from "./memory/memory.ts";
import { PlacesHere } from "./places_here.ts";
import { rosterOf } from "./roster.ts";
import { TroubleTimes } from "./trouble_times.ts";

/** The things that the status of a legion is made of. */
export interface LegionStatusContext {
  /** The legion's configuration, as it is now. */
  readonly config: () => LegionConfig;
  /** The legion as this node sees it now. */
  readonly view: () => LegionView;
  /** Whether the legion has not begun, since its address is not on this machine yet. */
  readonly waits: () => boolean;
  /** The node's own host name. */
  readonly name: string;
  /** The version of this program. */
  readonly version?: string;
  /** The clocks. */
  readonly clock: Clock;
  /** The addresses of this machine; undefined: they are not known. */
  readonly localHosts?: () => readonly string[];
  /** The hooks, addresses, lords and events noted so far. */
  readonly record: LegionRecord;
  /** The nodes heard, and the datagrams dropped. */
  readonly notes: DatagramNotes;
  /** The checks of the service, and the drain if any. */
  readonly fitness: ReportSources["fitness"];
  /** The memory of the last process of this node. */
  readonly memory: Memory;
  /** Takes the lines for log and status. */
  readonly log: (level: EventLevel, message: string) => void;
  /** Called when {@link LegionStatus.standing} has changed. */
  readonly changed?: () => void;
}

// The least time between two looks for troubles that nobody has asked for, in milliseconds: a crowd
// has much to say while it gathers.
const rosterPaceMs = 1_000;

// How much later than after its time an announcement may come and be no trouble, in milliseconds.
const lateMs = 500;

/** Keeps what a node tells of its legion: who is lord, what is wrong with whom, and since when. */
export class LegionStatus {
  readonly #context: LegionStatusContext;
  readonly #pace = new ClockPace();
  readonly #troubleTimes = new TroubleTimes();
  readonly #places: PlacesHere;
  /** When troubles were looked for last, monotonic, in milliseconds. */
  #rosterMs = -Infinity;
  /** The moment since which no node says that it is lord, monotonic, in milliseconds. */
  #lordlessMs?: number;
  #standing = "";

  /** Has seen nothing yet. */
  constructor(context: LegionStatusContext) {
    this.#context = context;
    const { localHosts, log } = context;
    this.#places = new PlacesHere({ localHosts, log });
  }

  /** The node's part in the legion, in a few words: `failover: follower, lord is web1`. */
  get standing(): string {
    return this.#standing;
  }

  /** The status of the legion. */
  stats(): LegionStats {
    this.note();
    const { record, fitness, memory, notes } = this.#context;
    const sources = this.#sources();
    this.#pace.keepOnly(new Set(sources.view.members.map(({ uuid }) => uuid)));
    return reportOf({
      ...sources,
      record,
      fitness,
      memoryTrouble: memory.trouble,
      drops: notes.drops,
      pace: this.#pace,
      heard: new Set(notes.nodes.byNode.keys()),
      roster: this.#roster(),
      misplaced: this.#places.look(sources.config, sources.now.monotonicMs),
      lordlessMs: this.#lordlessMs,
    });
  }

  /** Takes in an announcement that the legion has taken in. */
  heard(said: Announcement): void {
    const { clock, view, record } = this.#context;
    if (!said.dead) this.#pace.hear(said.uuid, said.unix, clock.now().monotonicMs);
    const sight = said.aside?.sight;
    if (sight === undefined) return;
    // The word of a member alone counts, and while that is lord.
    const member = view().members.find((member) => member.said === said);
    if (member !== undefined && member.lordSince > 0) record.sightHeard(sight, member.name);
  }

  /** Looks for troubles from time to time, so that it is known since when they last. */
  lookInPassing(): void {
    const { clock, config } = this.#context;
    const { monotonicMs } = clock.now();
    if (monotonicMs - this.#rosterMs < rosterPaceMs) return;
    this.#roster();
    this.#places.look(config(), monotonicMs);
  }

  /** Takes note of who is lord now, and of this node's part. */
  note(): void {
    const { record, changed } = this.#context;
    const sources = this.#sources();
    const lords = lordsOf(sources);
    record.lords(lords);
    this.#lordlessMs = lords.length > 0 ? undefined : this.#lordlessMs ?? sources.now.monotonicMs;
    const standing = standingOf(sources);
    if (standing === this.#standing) return;
    this.#standing = standing;
    changed?.();
  }

  /** All nodes of the legion, and what is wrong with them. */
  #roster(): NodeStats[] {
    const { version = "", notes, memory } = this.#context;
    const sources = this.#sources();
    const { config: { toleranceMs, freqMs }, now } = sources;
    this.#rosterMs = now.monotonicMs;
    const roster = rosterOf({
      ...sources,
      version,
      state: stateOf(sources),
      heard: notes.nodes.byNode,
      heardBefore: nodesBefore(memory),
      losses: notes.losses,
    });
    return this.#troubleTimes.look(roster, now, Math.min(toleranceMs, freqMs + lateMs));
  }

  #sources() {
    const { config, view, name, waits, clock } = this.#context;
    return { config: config(), view: view(), name, waits: waits(), now: clock.now() };
  }
}
