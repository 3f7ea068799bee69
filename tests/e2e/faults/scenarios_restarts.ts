// Three nodes alike, whose processes or servers are started again (LEASE.md, rule 12).
import type { Ending } from "../../lab/start_again.ts";
import type { Plan } from "./_plan.ts";
import type { Scenario } from "./scenario.ts";
import type { Stage } from "./stage.ts";

// Of the nodes of a stage the first is the lord.
const lord = 0;
const supporter = 1;
const third = 2;
const all = [lord, supporter, third];

/** A process takes as long to start at any setting, so that the drills' own times are no use here. */
const usual: Plan = { freqSeconds: 1, toleranceSeconds: 3 };
const toleranceSeconds = 3;
/** The longest absence of a lord that is not replaced: the tolerance less a freq. */
const absenceSeconds = 2;

/** Restarts of processes, which are no failovers, and of servers. */
export const restarts: readonly Scenario[] = [
  { name: "lord killed, started again", ...startedAgain(lord, "kill") },
  { name: "lord upgraded: failover restart", ...startedAgain(lord, "restart") },
  {
    name: "supporter killed, started again; one is down",
    ...startedAgain(supporter, "kill"),
    prepare: isDown(third),
    noLordAtMost: () => 0,
  },
  {
    name: "lord's server rebooted",
    plans: () => [usual, usual, usual],
    seconds: () => 2 * toleranceSeconds,
    begin: ({ reboot }) => reboot(lord, "SIGTERM"),
    end: ({ start }) => start(lord, usual),
    replaced: true,
    noLordAtMost: () => 1,
    rightWithin: () => 3 * toleranceSeconds,
  },
  {
    name: "all servers lose power",
    plans: () => [usual, usual, usual],
    seconds: () => toleranceSeconds,
    async begin({ reboot }) {
      await Promise.all(all.map((server) => reboot(server, "SIGKILL")));
    },
    async end({ start }) {
      await Promise.all(all.map((server) => start(server, usual)));
    },
    right: "any",
    rightWithin: () => 3 * toleranceSeconds,
  },
];

function startedAgain(server: number, ending: Ending): Omit<Scenario, "name"> {
  return {
    plans: () => [usual, usual, usual],
    seconds: () => 2 * toleranceSeconds,
    begin: (stage) => stage.startAgain(server, ending),
    end: () => {},
    replaced: false,
    noLordAtMost: () => absenceSeconds,
  };
}

/** Ends a node for good, and waits until the lord takes it for gone. */
function isDown(server: number): (stage: Stage) => Promise<void> {
  return async ({ end, node }) => {
    const from = node(lord).lines.length;
    await end(server, "SIGKILL");
    await node(lord).line(/was silent for/, from);
  };
}
