import type { ConfigHeard, Doubles } from "./configs_heard.ts";
import type { Spares } from "./failback.ts";
import type { LordshipState } from "./lordship.ts";
import type { Support } from "./promise.ts";

/** A promise of a vote, as it is noted. */
export interface NotedPromise extends Support {
  /**
   * When the promise runs out unless renewed, monotonic; Infinity: this node supports itself. It is
   * exact where the node took leave, and only then.
   */
  readonly untilMs: number;
}

/** The list and quorum that a listed node was last heard to have, as it is noted. */
export interface NotedConfig extends ConfigHeard {
  /** The listed node, `host:port`. */
  readonly node: string;
}

/**
 * The things that a node remembers of itself, so that its next process can go on as the same node
 * (LEASE.md, rule 12). All times are monotonic, by the clock of the process that has these notes.
 */
export interface Notes {
  /** The host name that the node announces. */
  readonly name: string;
  /** The node's own entry of the list, `host:port`; undefined: not known. */
  readonly node?: string;
  /** The rank that the node is configured with. */
  readonly configuredValor: number;
  /** The rank that the node announces: 0 while it stands back. */
  readonly valor: number;
  /** The node's uuid: 36 characters, one a byte. */
  readonly uuid: string;
  /** The uuid before that; undefined: there was none. */
  readonly was?: string;
  /** A `seq` that the node does not exceed without other notes. */
  readonly seq: number;
  /** The node that it supports; undefined: none. */
  readonly support?: NotedPromise;
  /** The stage of its lordship. */
  readonly lordship: LordshipState;
  /** The listed nodes, as in `LegionOptions`. */
  readonly voters: readonly string[];
  /** The votes needed for a lord. */
  readonly quorum: number;
  /** The lists and quorums heard, this node's own left out. */
  readonly configs: readonly NotedConfig[];
  /** The nodes that may be two processes. */
  readonly doubles: readonly Doubles[];
  /** When the title was lost by a fault of this node, the latest first (`legion-flap`). */
  readonly lostMs: readonly number[];
  /** The time until which the node stands back since a lord hook failed; undefined: it does not. */
  readonly hookFailedUntilMs?: number;
  /** For how long, and why, the node takes the title from nobody; undefined: it may. */
  readonly spares?: Spares;
  /**
   * The end of the process: `restart`: it was to be started again at once; `leave`: it took leave of
   * the legion; undefined: it has not ended in order, or lives.
   */
  readonly end?: "restart" | "leave";
}

/**
 * The same notes by another clock.
 *
 * @param byMs the time that the other clock shows when that of the notes shows 0, in milliseconds
 */
export function shifted(notes: Notes, byMs: number): Notes {
  const { support, configs, lostMs, hookFailedUntilMs, spares } = notes;
  return {
    ...notes,
    configs: configs.map((heard) => ({ ...heard, sinceMs: heard.sinceMs + byMs })),
    lostMs: lostMs.map((atMs) => atMs + byMs),
    ...support && { support: { ...support, untilMs: support.untilMs + byMs } },
    ...spares && { spares: { ...spares, untilMs: spares.untilMs + byMs } },
    ...hookFailedUntilMs !== undefined && { hookFailedUntilMs: hookFailedUntilMs + byMs },
  };
}

/** The things known at a start of what this node was before (LEASE.md, rule 12). */
export type Past =
  /** The notes of this machine's present boot; their times are by the clock of the new process. */
  | { readonly kind: "noted"; readonly notes: Notes }
  /** No notes: promises may have been given that nobody remembers. */
  | {
    readonly kind: "forgotten";
    /** The longest time that a promise of this node ever bound, in milliseconds; 0: not known. */
    readonly bindsMs: number;
    /** The time before the start in which it surely promised nothing, in milliseconds. */
    readonly quietMs: number;
    /** Whether its last process is known to have ended without taking leave. */
    readonly crashed: boolean;
  };

/** A past of which nothing is known. */
export const forgotten: Past = { kind: "forgotten", bindsMs: 0, quietMs: 0, crashed: false };
