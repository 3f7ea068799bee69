import type { EventLevel } from "../base/log_level.ts";
import type { AccountGuard } from "./account_guard.ts";

/** Where an address was seen to point, or why that is not known. */
export interface AddressSight {
  readonly ip: string;
  /** Where it is to point while this node is lord. */
  readonly wanted: string;
  /** Where it points; null: nowhere; undefined: it is not known, and `problem` says why. */
  readonly pointsTo?: string | null;
  /** What was wrong with the last question. */
  readonly problem?: string;
}

/** What whoever moves an address is given by the node that wants it moved. */
export interface MoveContext {
  /** Aborted when what is done is no longer wanted. Nothing is sent afterwards. */
  readonly signal: AbortSignal;
  /**
   * Asks the clock whether what is done is still wanted, and aborts the signal where it is not: to be
   * called before anything is sent, since a process that slept may be behind its own timers.
   */
  readonly recheck: () => void;
  /** One line for the log. */
  readonly log: (level: EventLevel, message: string) => void;
  /** What the node knows of the accounts it asks with. */
  readonly guard: AccountGuard;
  /** Told where an address was seen to point, or why that is not known. */
  readonly seen: (sight: AddressSight) => void;
}
