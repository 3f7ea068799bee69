// Drills of the API and of the way to it: the lord dies while something is wrong there, and who has
// what, after how long, with how many requests?
//   deno task faults:api [--json] [--only WORDS]
// Some four minutes, since waits for the API are not scaled. Root, ip and nft are needed.
import { holdDrills } from "../../lab/drills.ts";
import { makeLan } from "../../lab/lan.ts";
import { drill } from "./drill.ts";
import { scenarios } from "./scenarios.ts";
import { outcomeTable } from "./table.ts";

Deno.exitCode = await holdDrills(() => ({
  needs: ["ip", "nft"],
  scenarios,
  atATime: 3,
  place: () => makeLan(3),
  drill: (scenario, lan, signal) => drill(scenario, { lan, signal }),
  table: outcomeTable,
  unit: "seconds after the lord's death",
}));
