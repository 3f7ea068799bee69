import { drawDay, type FamilyName } from "./families.ts";
import type { Figures } from "./lords.ts";
import type { Settling } from "./referee.ts";
import type { RestartFigure } from "./restart_watch.ts";
import type { RuleName, Scenario } from "./scenario.ts";
import { boundMs } from "./schedule.ts";
import { type NewMemory, World } from "./world.ts";

/** The outcome of one seed. */
export interface Outcome {
  /** The seed. */
  readonly seed: number;
  /** The family of the day. */
  readonly family: string;
  /** The broken rules, in words. */
  readonly violations: readonly string[];
  /** The times with and without a lord. */
  readonly figures: Figures;
  /** The restarts that had a calm time to themselves. */
  readonly restarts: readonly RestartFigure[];
  /** The time after the last fault. */
  readonly settling: Settling;
  /** The time that the legion was allowed to settle, in milliseconds. */
  readonly boundMs: number;
}

/** A choice of a day. */
export interface Choice {
  /** The number that all of the day follows from. */
  readonly seed: number;
  /** The rule of all nodes. */
  readonly rule: RuleName;
  /** The family; undefined: by the seed. */
  readonly family?: FamilyName;
}

/**
 * Simulates a day, with the real legion code on every node.
 *
 * @param record called with each line of the transcript, where one is wanted
 */
export function simulate(choice: Choice, record: (line: string) => void = () => {}): Outcome {
  return live(drawDay(choice), record);
}

/**
 * Simulates a given day.
 *
 * @param newMemory makes the memory of each node that has one
 */
export function live(
  scenario: Scenario,
  record: (line: string) => void = () => {},
  newMemory?: NewMemory,
): Outcome {
  const { violations, figures, restarts, settling } = new World(scenario, record, newMemory).run();
  const { seed, family } = scenario;
  return { seed, family, violations, figures, restarts, settling, boundMs: boundMs(scenario) };
}
