// Drills of the API and of the way to it: the lord dies while something is wrong there, and who has
// what, after how long, with how many requests?
//   deno task faults:api [--json] [--only WORDS]
// Some four minutes, since waits for the API are not scaled. Root, ip and nft are needed.
import { parseArgs } from "@std/cli/parse-args";
import { errorMessage } from "../../../lib/base/error_message.ts";
import { makeLan } from "../../lab/lan.ts";
import { missing } from "../../lab/missing.ts";
import { drill, type Outcome } from "./drill.ts";
import { type Scenario, scenarios } from "./scenarios.ts";
import { outcomeTable } from "./table.ts";

const signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
/** How many drills are held at a time, each on a network of its own: mostly they wait. */
const atATime = 3;

Deno.exitCode = await main();

async function main(): Promise<number> {
  const { json, only } = parseArgs(Deno.args, {
    boolean: ["json"],
    string: ["only"],
    default: { only: "" },
  });
  const lacking = await missing(["ip", "nft"]);
  if (lacking.length > 0) {
    console.log(`skipped: the drills need ${lacking.join(", ")}`);
    return 0;
  }
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort(new Error("interrupted"));
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  const begun = performance.now();
  const scheduled = scenarios.filter(({ name }) => name.includes(`${only}`));
  const outcomes = new Map<Scenario, Outcome>();
  const left = [...scheduled];
  const hold = async () => {
    await using lan = await makeLan(3);
    for (let scenario = left.shift(); scenario !== undefined; scenario = left.shift()) {
      interrupted.signal.throwIfAborted();
      console.error(`${scenario.name} …`);
      try {
        const outcome = await drill(scenario, { lan, signal: interrupted.signal });
        if (outcome.wrong.length > 0) console.error(outcome.logs.join("\n"));
        outcomes.set(scenario, outcome);
      } catch (error) {
        interrupted.signal.throwIfAborted();
        console.error(`${scenario.name}: it did not come to the fault: ${errorMessage(error)}`);
      }
    }
  };
  try {
    const ends = await Promise.allSettled(Array.from({ length: atATime }, hold));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  } catch (error) {
    console.error(`faults: ${errorMessage(error)}`);
    return 1;
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
  }
  const held = scheduled.flatMap((scenario) => outcomes.get(scenario) ?? []);
  if (json) {
    const told = held.map(({ logs: _, ...outcome }) => outcome);
    console.log(JSON.stringify({ outcomes: told }, null, 2));
  } else {
    const wallSeconds = (performance.now() - begun) / 1000;
    console.log(
      `${outcomeTable(held)}\nseconds after the lord's death; took ${wallSeconds.toFixed(0)} s`,
    );
  }
  const allRight = held.every(({ wrong }) => wrong.length === 0);
  return held.length === scheduled.length && allRight ? 0 : 1;
}
