// Fault drills: real nodes in network namespaces, one fault at a time, and how long two were lord.
//   deno task faults [--json] [--lease auto|on|off] [--only WORDS]
// FAULTS_FREQ=0.2 makes all times that much shorter. Root, ip, nft and faketime are needed.
import { holdDrills } from "../../lab/drills.ts";
import { type Lan, makeLan } from "../../lab/lan.ts";
import { drill } from "./drill.ts";
import type { Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";
import { switchSeconds } from "./settings.ts";
import { outcomeTable } from "./table.ts";

/** The servers of a network: as many as the largest drill has nodes. */
const servers = 5;

Deno.exitCode = await holdDrills(({ values: { lease = "auto" } }) => {
  const freqSeconds = Number(Deno.env.get("FAULTS_FREQ") ?? 1);
  const toleranceSeconds = Number((3 * freqSeconds).toFixed(3));
  const settings = { freqSeconds, toleranceSeconds, quorum: 2, lease };
  return {
    needs: ["ip", "nft", "faketime"],
    scenarios,
    atATime: 2,
    place: () => makeLan(servers),
    drill: (scenario: Scenario, lan: Lan, signal) => drill(scenario, { lan, settings, signal }),
    table: outcomeTable,
    unit: "seconds",
    settings: { ...settings, switchSeconds: switchSeconds(settings) },
  };
}, { values: ["lease"] });
