import { runCommand } from "../../tests/lab/run_command.ts";
import type { BenchOptions, Row } from "./section.ts";

const what = "deno task simulate: seconds lived through in a second";
const seeds = 500;

/** Measures how fast the simulation is, on all cores. */
export async function simulationRows({ runs, wants, progress }: BenchOptions): Promise<Row[]> {
  const setting = `${seeds} seeds`;
  if (!wants(what, setting)) return [];
  const script = new URL("../../tests/simulation/main.ts", import.meta.url).pathname;
  const samples: number[] = [];
  for (let run = 1; run <= runs; run++) {
    progress(`run ${run} of ${runs}: the simulation`);
    const line = [Deno.execPath(), "run", "--quiet", "-P", script, "--seeds", `${seeds}`];
    samples.push(rateIn(await runCommand(line)));
  }
  return [{ what, setting, figures: [{ contender: "failover", unit: "", samples }] }];
}

/** Reads the rate in `44721 s were lived through in 17.9 s, 2494 a second`. */
function rateIn(text: string): number {
  const rate = /lived through in .* s, (\d+) a second/.exec(text)?.[1];
  if (rate === undefined) throw new Error(`the simulation says no rate:\n${text}`);
  return Number(rate);
}
