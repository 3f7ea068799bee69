// The nodes of a legion in the status: its members as uWSGI lists them, and the roster of all nodes.
import type { StandBackKind } from "../base/stand_back_kind.ts";

/** A member of a legion. The first five keys are uWSGI's (PROTOCOL.md, "The stats socket"). */
export interface MemberStats {
  /** The member's host name. */
  readonly name: string;
  /** The member's uuid. */
  readonly uuid: string;
  /** The member's rank; 0 is an arbiter. */
  readonly valor: number;
  /** The checksum of the member's view (PROTOCOL.md, "Checksum"). */
  readonly checksum: number;
  /** When the member was last heard, in wall clock seconds. */
  readonly last_seen: number;
  /** The source address of its last announcement, `host:port`. */
  readonly address: string;
  /** How long ago the member was heard, in seconds of the monotonic clock. */
  readonly heard_seconds_ago: number;
  /**
   * How far the member's clock was ahead of this node's when heard, in whole seconds; the time on
   * the way counts in.
   */
  readonly clock_skew_seconds: number;
  /**
   * By how many percent at least the member's clock runs faster than this node's, over minutes;
   * negative: slower; 0: not known, or as fast.
   */
  readonly clock_pace_percent: number;
  /** The node the member votes for: its name, or its uuid if not a member; empty: no vote yet. */
  readonly vote: string;
  /** The node the member supports (LEASE.md, rule 3): its name, or uuid; empty: none. */
  readonly supports: string;
  /** Since when the member says that it is lord, in its own wall clock seconds; 0: not lord. */
  readonly lord: number;
  /** The program the member runs. */
  readonly kind: "failover" | "uwsgi";
}

/** The part of a node in its legion, as it tells it itself. */
export const nodeRoles = [
  "lord",
  "taking over",
  "follower",
  "stands back",
  "arbiter",
  "listening",
  "stopping",
  "unknown",
] as const;

/** One of {@link nodeRoles}; `unknown`: the node is not heard. */
export type NodeRole = typeof nodeRoles[number];

/** All kinds of trouble with a node of the legion, the worst for the legion first. */
export const nodeTroubleKinds = [
  "silent",
  "never heard",
  "left",
  "not heard by us",
  "does not hear us",
  "another secret",
  "forged",
  "clock off",
  "other config",
  "other tolerance",
  "other lease",
  "doubled",
  "same valor",
] as const;

/** One of {@link nodeTroubleKinds}. */
export type NodeTroubleKind = typeof nodeTroubleKinds[number];

/** A trouble with a node of the legion, as this node sees it. */
export interface NodeTrouble {
  /** The kind of trouble. */
  readonly kind: NodeTroubleKind;
  /** The trouble in a few words, without the node's name: `silent since 2026-11-28T14:03:21Z`. */
  readonly why: string;
  /** Since when, in wall clock seconds; 0: not known. */
  readonly since: number;
}

/** A node of the legion: a listed one always, another as long as it is heard. */
export interface NodeStats {
  /** The node's address, `host:port`: as listed, or where it is heard from. */
  readonly node: string;
  /** Whether it is this node. */
  readonly is_this: boolean;
  /** Whether the configuration lists the node. */
  readonly listed: boolean;
  /** The node's host name; empty: not known, since it was never heard. */
  readonly name: string;
  /** The node's rank; 0: an arbiter, a node that stands back, or never heard. */
  readonly valor: number;
  /** The node's part in the legion. */
  readonly role: NodeRole;
  /** The program the node runs; empty: never heard. */
  readonly kind: "failover" | "uwsgi" | "";
  /** The version of the program; empty: not told. */
  readonly version: string;
  /** The kinds of reasons for which the node says that it stands back. */
  readonly stands_back: readonly StandBackKind[];
  /** When the node was last heard, in wall clock seconds; 0: never. */
  readonly last_heard: number;
  /** The listed nodes that the node hears, `host:port`, itself among them; null: not told. */
  readonly hears: readonly string[] | null;
  /** The troubles with the node, the worst first; empty: all is well with it. */
  readonly troubles: readonly NodeTrouble[];
}
