import type { CheckStats } from "../base/check.ts";
/** A member of a legion. The first five keys are uWSGI's. */
export interface MemberStats {
  readonly name: string;
  readonly uuid: string;
  readonly valor: number;
  readonly checksum: number;
  /** When it was last heard, in wall clock seconds. */
  readonly last_seen: number;
  /** Where it was heard from, `host:port`. */
  readonly address: string;
  /** How long ago it was heard, by the monotonic clock. */
  readonly heard_seconds_ago: number;
  /** How far its clock was ahead of ours when it was heard; whole seconds, and the way counts in. */
  readonly clock_skew_seconds: number;
  /** The name of the node it votes for, its uuid where that is no member; empty before its first vote. */
  readonly vote: string;
  /** The name of the node it supports (LEASE.md, rule 3), or its uuid; empty: nobody. */
  readonly supports: string;
  /** Since when it says that it is lord, in its own wall clock seconds; 0 when it does not. */
  readonly lord: number;
  /** Which program it is. */
  readonly kind: "failover" | "uwsgi";
}

/** What has happened, and when in wall clock seconds. */
export interface EventStats {
  readonly time: number;
  readonly level: "info" | "warn" | "error";
  readonly message: string;
}

/** A hook that has run. */
export interface HookStats {
  readonly event: string;
  /** `cmd`, `log` or `hetzner-failoverip`. */
  readonly action: string;
  /** Of the configuration. */
  readonly line: number;
  /** `ok`, or why not. */
  readonly result: string;
  readonly seconds: number;
  /** When it ended, in wall clock seconds. */
  readonly time: number;
}

/** A failover address, as it was last seen. */
export interface AddressStats {
  readonly ip: string;
  /** Where it is to point while this node is lord. */
  readonly wanted: string;
  /** Where it pointed; null: nowhere, or it has not been seen yet. */
  readonly active_server_ip: string | null;
  /** When it was seen, in wall clock seconds; 0: never. */
  readonly seen: number;
  /** What was wrong with the last question; empty when nothing was. */
  readonly problem: string;
}

/** That a node is to stay out of its legion (`failover drain`). */
export interface DrainStats {
  /** Who wants it so. */
  readonly by: string;
  /** Since when, in wall clock seconds. */
  readonly since: number;
  /** Until when, in wall clock seconds; 0: until `failover resume`. */
  readonly until: number;
}

/** Datagrams that were dropped for one reason. */
export interface DropStats {
  readonly count: number;
  readonly last_seconds_ago: number;
}

/** What a node is to a legion. */
export type LegionState =
  | "listening"
  | "follower"
  | "candidate"
  | "taking over"
  | "lord"
  | "suspended"
  | "unfit"
  | "stopping";

/** A legion, as one of its nodes sees it. The keys up to `members` are uWSGI's. */
export interface LegionStats {
  readonly legion: string;
  /** The node's own address in it, `host:port`. */
  readonly addr: string;
  readonly uuid: string;
  readonly valor: number;
  readonly checksum: number;
  readonly quorum: number;
  /** Since when the node is lord, in wall clock seconds; 0 when it is not. */
  readonly i_am_the_lord: number;
  /** The node's vote. */
  readonly lord_valor: number;
  readonly lord_uuid: string;
  /** The configured nodes, `host:port`. */
  readonly nodes: readonly string[];
  readonly members: readonly MemberStats[];
  /** The node's own name. */
  readonly name: string;
  readonly state: LegionState;
  /** Why the node is not the lord; empty when it is. */
  readonly why_not_lord: string;
  /** Why the node may not be lord, and stays out of the legion; empty when it may. */
  readonly unfit_why: string;
  /** Who wants the node to stay out; null: nobody. */
  readonly drained: DrainStats | null;
  /** Whether it is an arbiter for the time being, by legion-failback. */
  readonly holds_back: boolean;
  /** Until when if nothing happens, in wall clock seconds; 0: until it is promoted, or it does not. */
  readonly holds_back_until: number;
  /** In the order of the configuration. */
  readonly checks: readonly CheckStats[];
  /** The name of the node that the legion has agreed upon; empty while there is none. */
  readonly elected: string;
  /** For the node's candidate: by the lease those who support it, else all when all agree, or 0. */
  readonly votes: number;
  /** The names of all who say that they are lord. */
  readonly lords: readonly string[];
  /** For how long nobody has said so; 0 while somebody does. */
  readonly lordless_seconds: number;
  /**
   * Whether something keeps two nodes from being lord at once: a lease, or nothing, where lords are
   * elected by uWSGI's rule, whose views can go stale.
   */
  readonly guarantee: "lease" | "none";
  /** Why it is so; empty where there is nothing to add. */
  readonly guarantee_why: string;
  /** The name of the node that this one supports (LEASE.md, rule 3); empty: nobody. */
  readonly supports: string;
  /** How long the lease of this node lasts unless it is renewed; 0: it has none, or needs none. */
  readonly lease_seconds: number;
  readonly freq_seconds: number;
  readonly tolerance_seconds: number;
  readonly skew_tolerance_seconds: number;
  /** Configured nodes that have not been heard since the start, `host:port`. */
  readonly never_heard: readonly string[];
  readonly hooks: readonly HookStats[];
  readonly addresses: readonly AddressStats[];
  /** Dropped datagrams, by reason. */
  readonly dropped: Readonly<Record<string, DropStats>>;
  /** The newest last. */
  readonly events: readonly EventStats[];
}

/** What a node tells of itself. The first three keys are uWSGI's. */
export interface Stats {
  readonly version: string;
  readonly pid: number;
  readonly legions: readonly LegionStats[];
  readonly name: string;
  readonly uptime_seconds: number;
}
