import type { LegionOptions } from "../../lib/legion/options.ts";
import { legionOptions } from "../legion/legion_options.ts";
import { maxMembers, type NodePlan, type Scenario, skewToleranceMs } from "./scenario.ts";

/** The options of a node's legion, by its plan. */
export function optionsOf(plan: NodePlan, scenario: Scenario): Omit<LegionOptions, "newUuid"> {
  const {
    name,
    hostName = name,
    valor,
    quorum,
    lease,
    voters,
    node,
    freqMs,
    toleranceMs,
    releaseMs,
  } = plan;
  // The uuids of a simulated node follow from its name.
  const { newUuid: _, ...options } = legionOptions({
    name: hostName,
    pid: 1,
    valor,
    quorum,
    voters,
    node,
    freqMs,
    toleranceMs,
    skewToleranceMs,
    deathOnLordErrorMs: scenario.deathOnLordErrorMs,
    lease: lease === "uwsgi" ? "off" : lease,
    releaseMs,
    maxMembers,
    failback: plan.failback,
    flap: scenario.flap,
  });
  return options;
}
