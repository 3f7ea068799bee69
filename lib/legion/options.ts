import type { FailbackUse } from "./failback.ts";
import type { FlapLimit } from "./flap.ts";

/** Whether the lease decides who is lord: `auto` where it can, `on` always, `off` never. */
export type LeaseUse = "auto" | "on" | "off";

/** What may change while a legion runs. `lease` only between `auto` and `on`. */
export type Reconfigurable = Pick<
  LegionOptions,
  | "quorum"
  | "scroll"
  | "freqMs"
  | "toleranceMs"
  | "deathOnLordErrorMs"
  | "lease"
  | "releaseMs"
  | "nodeCount"
  | "maxMembers"
  | "failback"
  | "flap"
>;

/** What a legion needs to know of itself. */
export interface LegionOptions {
  /** The legion's name. */
  readonly legion: string;
  /** The host name of this node. */
  readonly name: string;
  readonly pid: number;
  /** Rank; 0 is an arbiter, which votes and is never lord. */
  readonly valor: number;
  /** Votes needed for a lord; 0: any number will do. */
  readonly quorum: number;
  /** Attached to every announcement; empty for none. */
  readonly scroll: string;
  /** Between two announcements. */
  readonly freqMs: number;
  /** Silence after which a member is dropped. */
  readonly toleranceMs: number;
  /** How far apart a peer's clock may be. */
  readonly skewToleranceMs: number;
  /** How long to stay out after a lord hook failed; 0: become lord all the same. */
  readonly deathOnLordErrorMs: number;
  readonly lease: LeaseUse;
  /** How long before its lease ends a lord begins to release. */
  readonly releaseMs: number;
  /** How many nodes the configuration names, this one counted in; undefined: it cannot be told. */
  readonly nodeCount?: number;
  /** How many members there may be. */
  readonly maxMembers: number;
  readonly failback: FailbackUse;
  readonly flap: FlapLimit;
  /** Gives the uuid to start with, and a new one whenever this node comes back or changes valor. */
  readonly newUuid: () => string;
}
