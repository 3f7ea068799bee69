import { missing } from "../../tests/lab/missing.ts";
import { runCommand } from "../../tests/lab/run_command.ts";

const warmups = 3;
/** How much more often a short command is measured than a takeover of minutes. */
export const timesOften = 4;

/**
 * Measures how long a command takes from start to end, in milliseconds, some times in a row: by
 * hyperfine where installed.
 *
 * @throws Error with the command's output, when it fails
 */
export async function commandTimes(
  line: readonly string[],
  { runs, env }: { runs: number; env: Record<string, string> },
): Promise<number[]> {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const whole = ["env", ...variables, ...line];
  await runCommand(whole);
  if ((await missing(["hyperfine"])).length === 0) return await byHyperfine(whole, runs);
  const times: number[] = [];
  for (let run = -warmups; run < runs; run++) {
    const begun = performance.now();
    await runCommand(whole);
    if (run >= 0) times.push(performance.now() - begun);
  }
  return times;
}

async function byHyperfine(line: readonly string[], runs: number): Promise<number[]> {
  const file = await Deno.makeTempFile({ prefix: "failover-bench-" });
  try {
    const options = ["--shell=none", `--warmup=${warmups}`, `--runs=${runs}`, "--style=none"];
    await runCommand(["hyperfine", ...options, "--export-json", file, line.join(" ")]);
    const { results: [{ times }] } = JSON.parse(await Deno.readTextFile(file));
    return times.map((seconds: number) => seconds * 1000);
  } finally {
    await Deno.remove(file);
  }
}
