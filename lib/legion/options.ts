import type { FailbackUse } from "../base/failback_use.ts";
import type { FlapLimit } from "../base/flap_limit.ts";
import type { LeaseUse } from "../base/lease_use.ts";

/** The options that may change while a legion runs; `lease` only between `auto` and `on`. */
export type Reconfigurable = Omit<
  LegionOptions,
  "legion" | "name" | "pid" | "valor" | "skewToleranceMs" | "newUuid"
>;

/** The options of one legion on this node. */
export interface LegionOptions {
  /** The legion's name. */
  readonly legion: string;
  /** The host name of this node. */
  readonly name: string;
  /** The process id of this node. */
  readonly pid: number;
  /** The rank of this node; 0 is an arbiter, which votes and is never lord. */
  readonly valor: number;
  /** Votes needed for a lord; 0: any number will do. */
  readonly quorum: number;
  /** Text attached to every announcement; empty: none. */
  readonly scroll: string;
  /** The time between two announcements, in milliseconds. */
  readonly freqMs: number;
  /** The silence after which a member is dropped, in milliseconds. */
  readonly toleranceMs: number;
  /** How far a peer's clock may be from this node's, in milliseconds. */
  readonly skewToleranceMs: number;
  /**
   * How long to stand back after a lord hook failed, in milliseconds; 0: become lord all the same.
   */
  readonly deathOnLordErrorMs: number;
  /** Whether the lease decides who is lord (LEASE.md, rule 1). */
  readonly lease: LeaseUse;
  /** How long before its lease ends a lord begins to release, in milliseconds. */
  readonly releaseMs: number;
  /**
   * The listed nodes, `host:port` in normal form, sorted, each once, this one's own entry among
   * them where it is known; empty: none are listed, as in a group.
   */
  readonly voters: readonly string[];
  /**
   * This node's own entry of that list; undefined: not known yet, and so this node stands back
   * (LEASE.md, "On the wire").
   */
  readonly node?: string;
  /** The most members at a time, and the most departed senders to remember. */
  readonly maxMembers: number;
  /** When to take the title back from a lord of lower rank. */
  readonly failback: FailbackUse;
  /** How often this node may lose the title before it stands back. */
  readonly flap: FlapLimit;
  /** Gives the uuid to start with, and a new one whenever this node changes its valor. */
  readonly newUuid: () => string;
}
