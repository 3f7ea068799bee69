import type { EventLevel } from "../base/log_level.ts";
import type { AccountGuard } from "./account_guard.ts";
import type { MoveEnd } from "./move_address.ts";

/** The place an address was seen to point to, or the reason why that is not known. */
export interface AddressSight {
  /** The name of the address's provider. */
  readonly provider: string;
  /** The address, or the net address of a subnet. */
  readonly ip: string;
  /** The server's address that it is to point to while this node is lord. */
  readonly wanted: string;
  /** The server's address that it points to; null: nowhere; undefined: not known, see `problem`. */
  readonly pointsTo?: string | null;
  /** The reason why the place is not known. */
  readonly problem?: string;
}

/**
 * The ways in which a takeover by a node ends: those of {@link MoveEnd}, and two more:
 *
 * - `not asked`: the account must not be asked now, so nothing was sent
 * - `broken off`: the node lost the title meanwhile, or came to its end
 */
export const takeoverOutcomes = [
  "routed",
  "already routed",
  "refused",
  "try later",
  "unknown",
  "presumed there",
  "not asked",
  "broken off",
] as const satisfies readonly (MoveEnd["outcome"] | "not asked" | "broken off")[];

/** One of {@link takeoverOutcomes}. */
export type TakeoverOutcome = typeof takeoverOutcomes[number];

/** A step of a takeover by a node. */
export type TakeoverStep =
  /** The takeover begins. */
  | { readonly step: "begun" }
  /** A switch is asked for, be it that no connection comes about. */
  | { readonly step: "asked" }
  /** The takeover goes on, for this reason. */
  | { readonly step: "troubled"; readonly why: string }
  /** The takeover is over. */
  | { readonly step: "ended"; readonly outcome: TakeoverOutcome };

/** The node's side of a move: the means that it gives to the code that moves an address for it. */
export interface MoveContext {
  /** Aborted when the move is no longer wanted. Nothing is sent afterwards. */
  readonly signal: AbortSignal;
  /**
   * Asks the clock whether the move is still wanted, and aborts the signal where it is not. To be
   * called before anything is sent: after a sleep of the process its timers may be late.
   */
  readonly recheck: () => void;
  /** Writes one line to the log. */
  readonly log: (level: EventLevel, message: string) => void;
  /** The addresses of this machine; left out where they are not known. */
  readonly localHosts?: () => readonly string[];
  /** The node's memory for the accounts it asks with. */
  readonly guard: AccountGuard;
  /** Takes note of where an address was seen to point, or why that is not known. */
  readonly seen: (sight: AddressSight) => void;
  /** Takes note of a step of the takeover of an address. */
  readonly moves: (ip: string, step: TakeoverStep) => void;
}
