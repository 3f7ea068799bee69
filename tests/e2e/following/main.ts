// The address follows Patroni's leader: three servers with etcd, PostgreSQL under Patroni and a node
// with the configuration of the manual's chapter, in network namespaces; one fault after the other.
//   deno task faults:patroni [--lan] [--json] [--only WORDS]
// With --lan the address is one of the network itself (address:), and there is no Robot to ask.
// Some six minutes. Root, and Debian's iproute2, patroni, etcd-server and postgresql are needed.
import { holdDrills } from "../../lab/drills.ts";
import { makeLan } from "../../lab/lan.ts";
import { drill, untilLeader, untilWell } from "./drill.ts";
import { type Scenario, scenarios } from "./scenarios.ts";
import { setStage, type Stage, type StageSettings } from "./stage.ts";
import { outcomeTable } from "./table.ts";

Deno.exitCode = await holdDrills(({ flags }) => ({
  needs: ["ip", "patroni", "etcd", "pg_ctlcluster"],
  scenarios,
  atATime: 1,
  place: (signal) => begun({ onLan: flags.includes("lan"), signal }),
  drill: (scenario: Scenario, stage) => withLogs(stage, () => drill(scenario, stage)),
  table: outcomeTable,
  unit: "seconds",
}), { flags: ["lan"] });

/** A stage on which everything runs, and all is well. */
async function begun(settings: StageSettings): Promise<Stage> {
  await using made = new AsyncDisposableStack();
  const lan = made.use(await makeLan(3));
  const stage = made.use(await setStage(lan, settings));
  await withLogs(stage, async () => {
    for (const server of lan.addresses.keys()) await stage.start(server);
    await untilLeader(stage);
    await untilWell(stage);
  });
  const stack = made.move();
  return { ...stage, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Does something on a stage; where that fails, the logs of all that runs there are shown. */
async function withLogs<T>(stage: Stage, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    console.error(stage.followers.logs.join("\n"));
    for (const server of stage.lan.addresses.keys()) console.error(await stage.cluster.log(server));
    throw error;
  }
}
