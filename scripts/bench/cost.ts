import { crowdRows } from "./cost_crowd.ts";
import { datagramRows } from "./cost_datagram.ts";
import { formRows } from "./cost_forms.ts";
import { memoryRows } from "./cost_memory.ts";
import { simulationRows } from "./cost_simulation.ts";
import { startRows } from "./cost_start.ts";
import type { BenchOptions, Row, Section } from "./section.ts";

/** What a node costs the machine it runs on, and how long a command takes. */
export const costs: Section = { name: "cost", measure };

async function measure(options: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  // What takes long comes last, and one at a time: they would slow each other down.
  const parts = [datagramRows, startRows, formRows, simulationRows, crowdRows, memoryRows];
  for (const part of parts) {
    rows.push(...await part(options));
    options.signal.throwIfAborted();
  }
  return rows;
}
