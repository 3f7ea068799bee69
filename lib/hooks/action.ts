import type { ActionKind } from "../base/action_kind.ts";
import type { EventLevel } from "../base/log_level.ts";
import type { Surroundings } from "../base/shell.ts";
import type { MoveContext } from "../move/context.ts";
import type { KeptAddress } from "../move/provider.ts";

/** A kind of action: besides reading and showing its settings, the work that it does. */
export interface HookKind<Settings = unknown> extends ActionKind<Settings> {
  /**
   * Carries the action out, to its end.
   *
   * @throws HookError when the action fails
   * @throws the reason of the context's signal when that was aborted, once the action has ended
   */
  run(settings: Settings, context: HookContext): Promise<void>;

  /**
   * The address that the action moves, with its provider. The node looks where the address points
   * at the start, and again and again while it is lord.
   *
   * @param changed the settings that a person has replaced for one command
   */
  provider?(settings: Settings, changed?: ChangedSettings): KeptAddress;

  /**
   * The thing that the action's lord hook begins and the node keeps up, and gives up before another
   * node may be lord; left out where the action leaves nothing behind on this machine.
   */
  upheld?(settings: Settings): Upheld;

  /** The reasons for which the action cannot work on this machine, one sentence each. */
  obstaclesHere?(settings: Settings): string[];
}

/** A thing that this machine has only while its node may be lord. */
export interface Upheld {
  /** A name that no other such thing has. */
  readonly name: string;
  /** The address that it is. */
  readonly ip: string;
  /** Keeps the thing up until the signal is aborted; never rejects. */
  keep(means: UpheldMeans): Promise<void>;
  /**
   * Gives the thing up, after all that was begun about it before.
   *
   * @param signal aborted where it is wanted again
   * @returns whether it was there
   * @throws HookError where it cannot be given up
   */
  undo(signal: AbortSignal): Promise<boolean>;
  /**
   * Looks whether it is here, and for what would keep it from being had; never rejects.
   *
   * @param asks whether to ask the neighbours, too, who has it
   */
  look(asks: boolean): Promise<UpheldSight>;
}

/** A sight of an {@link Upheld}, by the word of the kernel and the neighbours. */
export interface UpheldSight {
  /** Whether this machine has it. */
  readonly isHere: boolean;
  /** The name of another machine that answers for it; left out: none is known. */
  readonly other?: string;
  /** All that is wrong with it, one sentence each. */
  readonly problems: readonly string[];
}

/** The means to have a thing, and to keep it up. */
export interface UpheldMeans {
  /** Aborted when the thing is no longer wanted. */
  readonly signal: AbortSignal;
  /** Asks the clock for how long at least no other node can be lord, in milliseconds; 0: one may be. */
  readonly leaseMs: () => number;
  /** Writes one line to the log. */
  readonly log: (level: EventLevel, message: string) => void;
  /** Takes note of what was seen of the thing, again and again. */
  readonly seen: (sight: UpheldSight) => void;
}

/** The settings of an action that a person may replace for one command; each kind has them. */
export interface ChangedSettings {
  /** The URL to ask. */
  readonly url?: string;
  /** The limit for one request, in milliseconds. */
  readonly timeoutMs?: number;
  /** The limit for a whole takeover, in milliseconds. */
  readonly deadlineMs?: number;
  /** Certificates to trust besides the system's: the path of a PEM file, or the text of one. */
  readonly ca?: string;
}

/** The occasion on which a hook runs, and the means by which it reports. */
export interface HookContext extends MoveContext {
  /** The legion's name. */
  readonly legion: string;
  /** The event, as the option names it: `lord`, `node-left`, … */
  readonly event: string;
  /** The name of the node that the event is about: the member that came or went, else this one. */
  readonly node: string;
  /** The name of the lord that the legion has agreed upon; empty while there is none. */
  readonly lord: string;
  /**
   * The stage of the lordship, where these are the lord hooks of a node that was lord, or taking
   * over, before its process was started again; else undefined. An action that asks others for
   * something looks first whether it is so already.
   */
  readonly resumed?: "lord" | "taking over";
  /** The surroundings in which commands run; undefined: the node's own. */
  readonly surroundings?: Surroundings;
  /**
   * Takes note of an address of which the takeover has not told that it points here: while this node
   * is lord, the address is looked at, and moved, until it does.
   */
  readonly unsettled: (ip: string) => void;
  /** As {@link UpheldMeans.leaseMs}; left out but for lord hooks. */
  readonly leaseMs?: () => number;
  /** Writes one line of a command's output to the log alone, since it may hold anything. */
  readonly output: (line: string) => void;
}

/** A hook that failed: the message says why, without any secret. */
export class HookError extends Error {
  /** Always `HookError`. */
  override readonly name = "HookError";
}
