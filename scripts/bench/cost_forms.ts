import { errorMessage } from "../../lib/base/error_message.ts";
import { delay } from "@std/async/delay";
import { runCommand } from "../../tests/lab/run_command.ts";
import { commandTimes, timesOften } from "./command_times.ts";
import { startLoneNode } from "./lone_node.ts";
import { residentMib } from "./process_usage.ts";
import type { BenchOptions, Figure, Row, Unit } from "./section.ts";

const whats = {
  size: "size of the executable",
  memory: "memory (RSS) of a node alone, after 10 s",
  start: "failover version, from start to end",
};
// The patience with a runtime that may not be downloadable.
const patienceSeconds = 60;

/** Measures the executable in each of its forms. */
export async function formRows(options: BenchOptions): Promise<Row[]> {
  const { wants, progress, note, executable } = options;
  const wanted = (form: string) => Object.values(whats).some((what) => wants(what, form));
  const rows: Row[] = [];
  if (wanted("portable")) {
    rows.push(...await rowsOf("portable", await executable.path(), options));
  }
  if (!wanted("native")) return rows;
  await using made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "failover-bench-" });
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const path = `${folder}/failover`;
  const script = new URL("../compile.ts", import.meta.url).pathname;
  const compile = [Deno.execPath(), "run", "--quiet", "-P", script, "--native"];
  try {
    await runCommand([...compile, "--patience", `${patienceSeconds}`, "--output", path]);
  } catch (error) {
    progress(errorMessage(error));
    note("The native form was not measured: standard error says why deno compile did not make it.");
    return rows;
  }
  return [...rows, ...await rowsOf("native", path, options)];
}

async function rowsOf(
  form: string,
  path: string,
  { runs, wants, progress, signal, executable: { env } }: BenchOptions,
): Promise<Row[]> {
  const rows: Row[] = [];
  const add = async (what: string, unit: Unit, measure: () => Promise<number[]>) => {
    if (!wants(what, form)) return;
    progress(`${what}: ${form}`);
    const figure: Figure = { contender: "failover", unit, samples: await measure() };
    rows.push({ what, setting: form, figures: [figure] });
  };
  await add(whats.size, "MiB", async () => [(await Deno.stat(path)).size / 2 ** 20]);
  await add(
    whats.start,
    "ms",
    () => commandTimes([path, "version"], { runs: timesOften * runs, env }),
  );
  await add(whats.memory, "MiB", async () => {
    await using node = await startLoneNode(path, env);
    await delay(10_000, { signal });
    return [await residentMib(node.pid)];
  });
  return rows;
}
