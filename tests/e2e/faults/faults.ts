// Fault drills: real nodes in network namespaces, one fault at a time, and how long two were lord.
//   deno task faults [--json] [--lease auto|on|off] [--only WORDS]
// FAULTS_FREQ=0.2 makes all times that much shorter. Root, ip, nft and faketime are needed.
import { parseArgs } from "@std/cli/parse-args";
import { errorMessage } from "../../../lib/base/error_message.ts";
import { drill, type Outcome } from "./drill.ts";
import { makeLan } from "../../lab/lan.ts";
import { missing } from "../../lab/missing.ts";
import type { Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";
import { type Settings, switchSeconds } from "./settings.ts";
import { outcomeTable } from "./table.ts";

const signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
/** The servers of a network: as many as the largest drill has nodes. */
const servers = 5;
/** How many drills are held at a time, each on a network of its own: mostly they wait. */
const atATime = 2;

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
  const held = await drills(settings, `${only}`);
  if (held === undefined) return 1;
  const { outcomes, failed } = held;
  const wallSeconds = (performance.now() - begun) / 1000;
  const report = { ...settings, switchSeconds: switchSeconds(settings) };
  if (json) {
    const told = outcomes.map(({ logs: _, ...outcome }) => outcome);
    console.log(JSON.stringify({ settings: report, wallSeconds, outcomes: told }, null, 2));
  } else {
    const said = Object.entries(report).map(([name, value]) => `${name} ${value}`).join(", ");
    console.log(`${outcomeTable(outcomes)}\nseconds; ${said}; took ${wallSeconds.toFixed(0)} s`);
  }
  for (const name of failed) console.error(`faults: ${name}: it did not come to the fault`);
  return failed.length === 0 && outcomes.every(({ wrong }) => wrong.length === 0) ? 0 : 1;
}

interface Held {
  readonly outcomes: readonly Outcome[];
  /** The drills that did not come to their faults, by name. */
  readonly failed: readonly string[];
}

/** Holds the drills whose name has `only` in it; undefined when they were broken off. */
async function drills(settings: Settings, only: string): Promise<Held | undefined> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort(new Error("interrupted"));
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  try {
    const scheduled = scenarios.filter(({ name }) => name.includes(only));
    const outcomes = new Map<Scenario, Outcome>();
    const left = [...scheduled];
    const hold = async () => {
      await using lan = await makeLan(servers);
      for (let scenario = left.shift(); scenario !== undefined; scenario = left.shift()) {
        interrupted.signal.throwIfAborted();
        console.error(`${scenario.name} …`);
        try {
          const outcome = await drill(scenario, { lan, settings, signal: interrupted.signal });
          if (outcome.wrong.length > 0) console.error(outcome.logs.join("\n"));
          outcomes.set(scenario, outcome);
        } catch (error) {
          interrupted.signal.throwIfAborted();
          console.error(`${scenario.name}: ${errorMessage(error)}`);
        }
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: atATime }, hold));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    return {
      outcomes: scheduled.flatMap((scenario) => outcomes.get(scenario) ?? []),
      failed: scheduled.filter((scenario) => !outcomes.has(scenario)).map(({ name }) => name),
    };
  } catch (error) {
    console.error(`faults: ${errorMessage(error)}`);
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
  }
}
