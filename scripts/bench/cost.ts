import { checksRows } from "./cost_checks.ts";
import { crowdRows } from "./cost_crowd.ts";
import { datagramRows } from "./cost_datagram.ts";
import { formRows } from "./cost_forms.ts";
import { memoryRows } from "./cost_memory.ts";
import { simulationRows } from "./cost_simulation.ts";
import { startRows } from "./cost_start.ts";
import type { BenchOptions, Row, Section } from "./section.ts";

/** The section on the cost of a node to its machine, and the time of commands. */
export const costs: Section = { name: "cost", measure };

async function measure(options: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  // Long measurements come last, one at a time, so that none slows another.
  const parts = [
    ...[datagramRows, startRows, formRows, simulationRows],
    ...[crowdRows, memoryRows, checksRows],
  ];
  for (const part of parts) {
    rows.push(...await part(options));
    options.signal.throwIfAborted();
  }
  return rows;
}
