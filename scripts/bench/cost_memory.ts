import { delay } from "@std/async/delay";
import { missing } from "../../tests/lab/missing.ts";
import type { TestProcess } from "../../tests/lab/process.ts";
import { allAtMost } from "./limits.ts";
import { residentMib } from "./process_usage.ts";
import type { BenchOptions, Row } from "./section.ts";
import { failover } from "./takeover_kinds.ts";
import { servers, setScene } from "./takeover_scene.ts";

const timing = { freqSeconds: 1, toleranceSeconds: 3 };
const setting = "3 nodes, freq 1, tolerance 3";
const whats = {
  after: "memory (RSS) after 10 minutes",
  growth: "its growth from minute 2 to minute 10",
};
// The memory that the runtime takes and gives back between two looks.
const steadyMib = 1;

/** Measures the memory of a legion's nodes after the address is taken and nothing more happens. */
export async function memoryRows(options: BenchOptions): Promise<Row[]> {
  const { quick, wants, progress, note, executable, signal } = options;
  const isWanted = Object.values(whats).some((what) => wants(what, setting));
  if (quick || !isWanted) return [];
  const lacking = await missing(["ip"]);
  if (lacking.length > 0) {
    note(`Memory was not measured: that needs ${lacking.join(", ")}.`);
    return [];
  }
  await executable.path();
  await using made = new AsyncDisposableStack();
  const scene = made.use(await setScene(executable, 300));
  const nodes: TestProcess[] = [];
  for (let server = 0; server < servers; server++) {
    nodes.push(made.use(await failover.start(scene, server, timing)));
  }
  await nodes[0].line(failover.lord);
  const memory = async (minutes: number) => {
    progress(`memory: ${minutes} minutes`);
    await delay(minutes * 60_000, { signal });
    return await Promise.all(nodes.map(({ pid }) => residentMib(pid)));
  };
  const early = await memory(2);
  const late = await memory(8);
  const growth = late.map((mib, index) => mib - early[index]);
  const figure = (samples: number[]) => [
    { contender: "failover" as const, unit: "MiB" as const, samples },
  ];
  return [
    { what: whats.after, setting, figures: figure(late), limit: allAtMost(64, "MiB") },
    { what: whats.growth, setting, figures: figure(growth), limit: allAtMost(steadyMib, "MiB") },
  ];
}
