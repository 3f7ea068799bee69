// Fault drills: real nodes in network namespaces, one fault at a time, and how long two were lord.
//   deno task faults [--json] [--lease auto|on|off] [--only WORDS]
// FAULTS_FREQ=0.2 makes all of it that much quicker. It needs root, ip, nft and faketime.
import { parseArgs } from "@std/cli/parse-args";
import { drill, type Outcome } from "./drill.ts";
import { makeLan } from "../../lab/lan.ts";
import { missing } from "../../lab/missing.ts";
import { scenarios } from "./scenarios.ts";
import { type Settings, switchSeconds } from "./settings.ts";
import { outcomeTable } from "./table.ts";

const signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
const servers = 3;

Deno.exitCode = await main();

async function main(): Promise<number> {
  const { json, lease, only } = parseArgs(Deno.args, {
    boolean: ["json"],
    string: ["lease", "only"],
    default: { lease: "auto", only: "" },
  });
  const lacking = await missing(["ip", "nft", "faketime"]);
  if (lacking.length > 0) {
    console.log(`skipped: the fault drills need ${lacking.join(", ")}`);
    return 0;
  }
  const freqSeconds = Number(Deno.env.get("FAULTS_FREQ") ?? 1);
  const settings = {
    freqSeconds,
    toleranceSeconds: Number((3 * freqSeconds).toFixed(3)),
    quorum: 2,
    lease: `${lease}`,
  };
  const begun = performance.now();
  const outcomes = await drills(settings, `${only}`);
  if (outcomes === undefined) return 1;
  const wallSeconds = (performance.now() - begun) / 1000;
  const report = { nodes: servers, ...settings, switchSeconds: switchSeconds(settings) };
  if (json) {
    const told = outcomes.map(({ logs: _, ...outcome }) => outcome);
    console.log(JSON.stringify({ settings: report, wallSeconds, outcomes: told }, null, 2));
  } else {
    const said = Object.entries(report).map(([name, value]) => `${name} ${value}`).join(", ");
    console.log(`${outcomeTable(outcomes)}\nseconds; ${said}; took ${wallSeconds.toFixed(0)} s`);
  }
  return outcomes.every(({ wrong }) => wrong.length === 0) ? 0 : 1;
}

/** Undefined when they were broken off. */
async function drills(settings: Settings, only: string): Promise<Outcome[] | undefined> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort(new Error("interrupted"));
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  try {
    await using lan = await makeLan(servers);
    const outcomes: Outcome[] = [];
    for (const scenario of scenarios.filter(({ name }) => name.includes(only))) {
      interrupted.signal.throwIfAborted();
      console.error(`${scenario.name} …`);
      const outcome = await drill(scenario, { lan, settings, signal: interrupted.signal });
      if (outcome.wrong.length > 0) console.error(outcome.logs.join("\n"));
      outcomes.push(outcome);
    }
    return outcomes;
  } catch (error) {
    console.error(`faults: ${error instanceof Error ? error.message : error}`);
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
  }
}
