// Three nodes, of which two may not be lord: the third is (LEASE.md, rule 11).
import { type Scenario, usualSeconds } from "./scenario.ts";

const two = [0, 1];
const third = 2;

/** Two of three nodes that may not be lord. */
export const notLord: readonly Scenario[] = [
  {
    name: "two of three unfit",
    plans: () => [{ failing: "check" }, { failing: "check" }, {}],
    seconds: usualSeconds,
    begin: ({ fail }) => each(two, (server) => fail(server, "check")),
    end: ({ mend }) => each(two, (server) => mend(server, "check")),
    replaced: true,
    noLordAtMost: ({ freqSeconds }) => 2 + freqSeconds,
    before: { bothLease: 0, twoLords: 0, noLord: 16.5, rightAfter: 1.7 },
  },
  {
    name: "lord hooks of two of three fail",
    plans: () => [{ failing: "hook" }, { failing: "hook" }, {}],
    seconds: usualSeconds,
    // The second takes over and fails; the first comes back, takes the title once, and fails.
    async begin({ fail, end, start, node }) {
      await each(two, (server) => fail(server, "hook"));
      await end(0, "SIGTERM");
      await start(0, { failing: "hook" });
      await node(0).line(/lord hook cmd .*: failed/);
    },
    end: ({ mend }) => each(two, (server) => mend(server, "hook")),
    replaced: true,
    // Mostly the third; where the first fails just as the fault ends, the second may be earlier.
    right: "any",
    noLordAtMost: ({ toleranceSeconds }) => 2 + toleranceSeconds,
    before: { bothLease: 0, twoLords: 0, noLord: 16.3, rightAfter: null },
  },
  {
    name: "two of three flapping",
    plans: () => {
      const plan = { failing: "check", more: [["legion-flap", "1/600"]] } as const;
      return [plan, plan, {}];
    },
    async prepare({ fail, mend, lordsAre, until, watch, settings }) {
      await fail(0, "check");
      await lordsAre(1);
      await mend(0, "check");
      await lordsAre(0);
      await fail(0, "check");
      await lordsAre(1);
      await mend(0, "check");
      await fail(1, "check");
      await until(() => !watch.lords.includes(1), settings.toleranceSeconds);
      await mend(1, "check");
      await lordsAre(1);
    },
    seconds: usualSeconds,
    async begin({ fail, mend, until, watch, settings }) {
      await fail(1, "check");
      await until(() => !watch.lords.includes(1), settings.toleranceSeconds);
      await mend(1, "check");
    },
    end: () => {},
    replaced: true,
    right: third,
    noLordAtMost: ({ freqSeconds }) => 2 + freqSeconds,
    before: { bothLease: 0, twoLords: 0, noLord: 29.9, rightAfter: null },
  },
];

async function each(servers: readonly number[], act: (server: number) => Promise<void>) {
  await Promise.all(servers.map(act));
}
