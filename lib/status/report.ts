import type { EventLevel } from "../base/log_level.ts";
import type { CheckStats } from "../base/check.ts";
import type { AddressStats, MisplacedStats, TakeoverStats } from "./address_stats.ts";
import type { MemberStats, NodeStats } from "./node_stats.ts";
import type { StandBack } from "./stands_back.ts";

/** An event, as in the log. */
export interface EventStats {
  /** When it happened, in wall clock seconds. */
  readonly time: number;
  /** The severity. */
  readonly level: EventLevel;
  /** The line of the log. */
  readonly message: string;
}

/** A hook that runs now. */
export interface RunningHookStats {
  /** The event the hook is bound to, such as `lord`. */
  readonly event: string;
  /** The kind of the action, such as `cmd`. */
  readonly action: string;
  /** The line of the configuration. */
  readonly line: number;
  /** Since when, in wall clock seconds. */
  readonly since: number;
  /**
   * How often a switch was asked for, be it that no connection came about; 0 for an action that
   * moves no address.
   */
  readonly attempts: number;
  /** The last reason why an action that moves an address is not done yet; empty: none. */
  readonly last_error: string;
}

/** A hook that has run, with its last result. */
export interface HookStats {
  /** The event the hook is bound to, such as `lord`. */
  readonly event: string;
  /** The kind of the action, such as `cmd`. */
  readonly action: string;
  /** The line of the configuration. */
  readonly line: number;
  /** The result: `ok`, or why not. */
  readonly result: string;
  /** How long the hook took, in seconds. */
  readonly seconds: number;
  /** When the hook ended, in wall clock seconds. */
  readonly time: number;
  /** True where the hook failed, and its address has since been seen where it is wanted. */
  readonly mended?: true;
}

/** A time for which one node, or none, was lord as this node saw it. */
export interface ReignStats {
  /** The name of the lord; empty: there was none. */
  readonly lord: string;
  /** When the time began, in wall clock seconds. It ends with the next one. */
  readonly since: number;
}

/** A drain: the wish that a node stands back (`failover drain`). */
export interface DrainStats {
  /** The name of the person who drained the node. */
  readonly by: string;
  /** Since when, in wall clock seconds. */
  readonly since: number;
  /** Until when, in wall clock seconds; 0: until `failover resume`. */
  readonly until: number;
}

/** Datagrams that were dropped for one reason. */
export interface DropStats {
  /** How many were dropped since the start. */
  readonly count: number;
  /** How long ago the last was dropped, in seconds. */
  readonly last_seconds_ago: number;
}

/** The state of a node in a legion. */
export type LegionState =
  | "listening"
  | "follower"
  | "candidate"
  | "taking over"
  | "lord"
  | "stands back"
  | "stopping";

/**
 * A legion, as one of its nodes sees it. The keys up to `members` are uWSGI's (PROTOCOL.md, "The
 * stats socket").
 */
export interface LegionStats {
  /** The legion's name. */
  readonly legion: string;
  /** The address the node listens on in this legion, `host:port`. */
  readonly addr: string;
  /** The node's uuid. */
  readonly uuid: string;
  /** The node's rank now; 0 is an arbiter. */
  readonly valor: number;
  /** The checksum of the node's view (PROTOCOL.md, "Checksum"). */
  readonly checksum: number;
  /** Votes needed for a lord. */
  readonly quorum: number;
  /** Since when the node is lord, in wall clock seconds; 0: not lord. */
  readonly i_am_the_lord: number;
  /** The valor of the node's candidate; 0: none, or an arbiter. */
  readonly lord_valor: number;
  /** The uuid of the node's candidate; empty: no vote. */
  readonly lord_uuid: string;
  /** The configured nodes, `host:port`. */
  readonly nodes: readonly string[];
  /** The other nodes that are heard. */
  readonly members: readonly MemberStats[];
  /** The node's own name. */
  readonly name: string;
  /** The node's state in this legion. */
  readonly state: LegionState;
  /** The reason why the node is not the lord; empty: it is. */
  readonly why_not_lord: string;
  /** The reasons why the node stands back; empty: it stands with its own valor. */
  readonly stands_back: readonly StandBack[];
  /** The drain of the node; null: none. */
  readonly drained: DrainStats | null;
  /** The checks of the service, in the order of the configuration. */
  readonly checks: readonly CheckStats[];
  /** The name of the node that the legion has agreed upon; empty: none. */
  readonly elected: string;
  /**
   * The votes for the node's candidate: under the lease its supporters; else all nodes when all
   * agree, or 0.
   */
  readonly votes: number;
  /** The nodes present that can vote, this one counted in. */
  readonly present: number;
  /** The names of all nodes that say they are lord. */
  readonly lords: readonly string[];
  /** How long no node has said so, in seconds; 0 while one does. */
  readonly lordless_seconds: number;
  /**
   * `lease`: a lease keeps two nodes from being lord at once (LEASE.md, rule 10); `none`: lords are
   * elected by uWSGI's rule, whose views can go stale.
   */
  readonly guarantee: "lease" | "none";
  /** The reason for the guarantee; empty: nothing to add. */
  readonly guarantee_why: string;
  /** Whether the lease decides who is lord (LEASE.md, rule 1), whatever can be guaranteed. */
  readonly leased: boolean;
  /** The name of the node that this one supports (LEASE.md, rule 3); empty: none. */
  readonly supports: string;
  /** How long the node's lease lasts unless renewed, in seconds; 0: none, or none needed. */
  readonly lease_seconds: number;
  /** The time between two announcements, in seconds (`legion-freq`). */
  readonly freq_seconds: number;
  /** The silence after which a member is dropped, in seconds (`legion-tolerance`). */
  readonly tolerance_seconds: number;
  /** How far a peer's clock may be off, in seconds (`legion-skew-tolerance`). */
  readonly skew_tolerance_seconds: number;
  /** The reason why a restart or reboot of the node will be as a first start; empty: it will not. */
  readonly memory_trouble: string;
  /** All nodes: the listed ones in the order of the list, this node first, then the others heard. */
  readonly roster: readonly NodeStats[];
  /**
   * How many voters hear the lord and are heard by it, itself counted in; where there is none, the
   * same of this node.
   */
  readonly voters_up: number;
  /**
   * How often the title was lost, or another node got it, since this process saw the first lord, as
   * this node saw it.
   */
  readonly transitions: number;
  /**
   * The lords of the last 24 hours as this process saw them, the newest last; at most 200 times. The
   * first begins with the process, or before these 24 hours.
   */
  readonly reigns: readonly ReignStats[];
  /** The hooks that run now. */
  readonly running: readonly RunningHookStats[];
  /** The takeovers of this node's addresses. */
  readonly takeovers: readonly TakeoverStats[];
  /** Configured nodes that have not been heard since the start, `host:port`. */
  readonly never_heard: readonly string[];
  /** The hooks that have run, each with its last result. */
  readonly hooks: readonly HookStats[];
  /** The failover addresses, as last seen. */
  readonly addresses: readonly AddressStats[];
  /** The addresses of the lord hooks that are on no interface of this server now. */
  readonly misplaced: readonly MisplacedStats[];
  /** Dropped datagrams, by reason. */
  readonly dropped: Readonly<Record<string, DropStats>>;
  /** The latest events, the newest last. */
  readonly events: readonly EventStats[];
}

/** The status of a node. The first three keys are uWSGI's. */
export interface Stats {
  /** The version of the program. */
  readonly version: string;
  /** The process id. */
  readonly pid: number;
  /** The legions the node is in, in the order of the configuration. */
  readonly legions: readonly LegionStats[];
  /** The node's host name. */
  readonly name: string;
  /** How long the node has run, in seconds. */
  readonly uptime_seconds: number;
  /**
   * The mistake for which the last reload left everything as it was, in one line: the next start
   * would fail. Empty: there is none.
   */
  readonly not_read_anew: string;
}
