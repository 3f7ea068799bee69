// The address follows Patroni's leader: three servers with etcd, PostgreSQL under Patroni and a node
// with the configuration of the manual's chapter, in network namespaces; one fault after the other.
//   deno task faults:patroni [--lan] [--json] [--only WORDS]
// With --lan the address is one of the network itself (address:), and there is no Robot to ask.
// Some six minutes. Root, and Debian's iproute2, patroni, etcd-server and postgresql are needed.
import { parseArgs } from "@std/cli/parse-args";
import { errorMessage } from "../../../lib/base/error_message.ts";
import { makeLan } from "../../lab/lan.ts";
import { missing } from "../../lab/missing.ts";
import { drill, type Outcome, untilLeader, untilWell } from "./drill.ts";
import { scenarios } from "./scenarios.ts";
import { setStage } from "./stage.ts";
import { outcomeTable } from "./table.ts";

const signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

Deno.exitCode = await main();

async function main(): Promise<number> {
  const { json, lan, only } = parseArgs(Deno.args, {
    boolean: ["json", "lan"],
    string: ["only"],
    default: { only: "" },
  });
  const lacking = await missing(["ip", "patroni", "etcd", "pg_ctlcluster"]);
  if (lacking.length > 0) {
    console.log(`skipped: the drills need ${lacking.join(", ")}`);
    return 0;
  }
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort(new Error("interrupted"));
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  const begun = performance.now();
  try {
    const outcomes = await held(`${only}`, { onLan: lan === true, signal: interrupted.signal });
    const wallSeconds = (performance.now() - begun) / 1000;
    console.log(
      json
        ? JSON.stringify({ outcomes }, null, 2)
        : `${outcomeTable(outcomes)}\nseconds; took ${wallSeconds.toFixed(0)} s`,
    );
    return outcomes.every(({ wrong }) => wrong.length === 0) ? 0 : 1;
  } catch (error) {
    console.error(`faults: ${errorMessage(error)}`);
    return 1;
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
  }
}

/** Holds the scenarios whose name has `only` in it, on one stage. */
async function held(
  only: string,
  settings: { readonly onLan: boolean; readonly signal: AbortSignal },
): Promise<Outcome[]> {
  await using lan = await makeLan(3);
  await using stage = await setStage(lan, settings);
  const outcomes: Outcome[] = [];
  try {
    for (const server of lan.addresses.keys()) await stage.start(server);
    await untilLeader(stage);
    await untilWell(stage);
    for (const scenario of scenarios.filter(({ name }) => name.includes(only))) {
      settings.signal.throwIfAborted();
      console.error(`${scenario.name} …`);
      const outcome = await drill(scenario, stage);
      outcomes.push(outcome);
    }
    return outcomes;
  } catch (error) {
    console.error(stage.followers.logs.join("\n"));
    for (const server of lan.addresses.keys()) console.error(await stage.cluster.log(server));
    throw error;
  }
}
