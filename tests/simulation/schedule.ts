import type { Fault, NodePlan, Scenario, Settings } from "./scenario.ts";
import { skewToleranceMs } from "./scenario.ts";

/** The hours of a day. */
export interface Schedule {
  /** The time when the last fault has ended, or, of those that outlast the day, begun. */
  readonly calmMs: number;
  /** The time by which there is one lord, wherever there can be one, and no other. */
  readonly settledMs: number;
  /** The end of the day: until then nothing may change any more. */
  readonly endMs: number;
}

// Until then the nodes have started, and have elected a lord.
const earliestCalmMs = 20_000;

/** The hours of a day, by its faults. */
export function schedule(scenario: Scenario): Schedule {
  const { nodes, faults } = scenario;
  const overs = faults.map((fault) => overMs(fault, nodes));
  const calmMs = Math.max(earliestCalmMs, ...overs);
  const settledMs = calmMs + boundMs(scenario);
  return { calmMs, settledMs, endMs: settledMs + 3 * longestToleranceMs(scenario) };
}

/** The bound of {@link boundMs}, in words. */
export const boundText =
  "4 tolerances (the longest of any node; 5 where one has crashed) and twice the longest lord hooks, " +
  "and with a delayed fail-back three times the delay and a tolerance";

/** The time that every legion may take to recover from the last fault, in milliseconds. */
export function boundMs(scenario: Scenario): number {
  const toleranceMs = longestToleranceMs(scenario);
  // A delayed fail-back takes its own time: up to three nodes take the title, one after another.
  const delays = allSettings(scenario).map(({ failback }) =>
    failback?.kind === "delay" ? failback.delayMs + toleranceMs : 0
  );
  // A node that has crashed takes the title from nobody for 4 tolerances.
  const crashes = scenario.faults.some(({ kind }) => kind === "crash" || kind === "reboot");
  return (crashes ? 5 : 4) * toleranceMs + 2 * scenario.hookMs + 3 * Math.max(...delays);
}

/** The bound of {@link togetherBoundMs}, in words. */
export const togetherBoundText = "1.05 of the longest tolerance of any node";

/** How long two may be lord on end while all nodes hear each other, in milliseconds. */
export function togetherBoundMs(scenario: Scenario): number {
  return 1.05 * longestToleranceMs(scenario);
}

/** The longest tolerance that any node ever has, in milliseconds. */
export function longestToleranceMs(scenario: Scenario): number {
  return Math.max(...allSettings(scenario).map(({ toleranceMs = 0 }) => toleranceMs));
}

/** The settings of all nodes, and all that a reload brings. */
export function allSettings({ nodes, faults }: Scenario): readonly Partial<Settings>[] {
  return [...nodes, ...faults.flatMap(({ change }) => change ?? [])];
}

/** The time when a fault no longer changes anything; of one that outlasts the day, its beginning. */
export function overMs(
  { kind, fromMs, untilMs, nodes: [name], amount }: Fault,
  nodes: readonly NodePlan[],
) {
  if (untilMs === Infinity) return fromMs;
  // Datagrams without a `seq` are ordered by the clock: after a step back they count as old until
  // the clock is where it was.
  const isSeqless = nodes.some(({ name: of, lease }) =>
    of === name && (lease === "uwsgi" || lease === "off")
  );
  const lasts = kind === "clock step" && isSeqless && Math.abs(amount) <= skewToleranceMs;
  return untilMs + (lasts ? Math.abs(amount) : 0);
}
