import type { Plan } from "./_plan.ts";
import type { Settings } from "./settings.ts";
import type { Stage } from "./stage.ts";
import type { Said } from "./watch.ts";

/** Figures of the first cut of the rules (LEASE.md), in seconds, at freq 1. */
export interface Before {
  /** The time with two lords that both said `guarantee: lease`. */
  readonly bothLease: number;
  /** The time with two lords, whatever they said. */
  readonly twoLords: number;
  /** The time without a lord. */
  readonly noLord: number;
  /** How long after the fault all was right for good; null: it was not in time. */
  readonly rightAfter: number | null;
}

/** A fault, and its outcome as it has to be. */
export interface Scenario {
  /** The name in the table. */
  readonly name: string;
  /** The nodes at the beginning, by their servers; default: three alike. */
  readonly plans?: (settings: Settings) => readonly (Plan | undefined)[];
  /** Changes before the fault, once the first node is lord. */
  readonly prepare?: (stage: Stage) => Promise<void>;
  /** The guarantee that every node tells before the fault; default `lease`: never two lords. */
  readonly says?: Said;
  /** How long the fault lasts, in seconds; what `begin` takes counts in. */
  readonly seconds: (settings: Settings) => number;
  /** Makes the fault. */
  readonly begin: (stage: Stage) => Promise<void> | void;
  /** Ends the fault. */
  readonly end: (stage: Stage) => Promise<void> | void;
  /** Whether another node has to become lord meanwhile, or must not; default: either is right. */
  readonly replaced?: boolean;
  /** How long nobody may be lord, in seconds, till all is right again; default: any time. */
  readonly noLordAtMost?: (settings: Settings) => number;
  /**
   * The server whose node is the only lord in the end, and that has the address then, unless nodes
   * say `none`; by its index; default: the first.
   */
  readonly right?: number | "any";
  /** How long after the fault that may take, in seconds; default: five tolerances. */
  readonly rightWithin?: (settings: Settings) => number;
  /** The lord has a wall clock of its own; default false. */
  readonly ownClock?: boolean;
  /** The figures of the first cut of the rules, which the table shows beside the new ones. */
  readonly before?: Before;
}

/** How long most faults last. */
export function usualSeconds({ freqSeconds }: Settings): number {
  return 15 * freqSeconds;
}
