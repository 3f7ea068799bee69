// Nodes that are not configured alike: never two lords that both say `guarantee: lease`.
import type { Plan } from "./_plan.ts";
import { between, cutLinks, mendLinks, sending } from "./firewall.ts";
import { type Scenario, usualSeconds } from "./scenario.ts";

const five = [0, 1, 2, 3, 4];
const renewing = 2;
const ofFive: Plan = { list: five, quorum: 3 };

/** Legions of nodes that differ, from the table of measurements in LEASE.md. */
export const unlike: readonly Scenario[] = [
  {
    name: "lord cut off, its tolerance 5 times as long",
    plans: ({ toleranceSeconds }) => [{ toleranceSeconds: 5 * toleranceSeconds }, {}, {}],
    seconds: ({ toleranceSeconds }) => 6 * toleranceSeconds,
    begin: ({ lan }) => cutLinks(lan, between([0], [1, 2])),
    end: ({ lan }) => mendLinks(lan),
    replaced: true,
    before: { bothLease: 10.7, twoLords: 10.7, noLord: 0.6, rightAfter: 1 },
  },
  {
    name: "lord with its lease off, mute",
    plans: () => ["off", "auto", "auto"].map((lease) => ({ lease })),
    says: "none",
    seconds: usualSeconds,
    begin: ({ lan }) => cutLinks(lan, [[0, 1], [0, 2]]),
    end: ({ lan }) => mendLinks(lan),
    replaced: true,
    before: { bothLease: 0, twoLords: 26.6, noLord: 0, rightAfter: null },
  },
  {
    name: "replaced node back, with its list; halves",
    plans: () => [{}, {}, {}],
    // The third is replaced by the fourth, which the first has not been told; and it comes back.
    async prepare({ end, start, reload }) {
      await end(2, "SIGKILL");
      await start(3, { list: [0, 1, 3] });
      await reload(1, { list: [0, 1, 3] });
      await start(2, {});
    },
    says: "none",
    seconds: usualSeconds,
    begin: ({ lan }) => cutLinks(lan, between([0, 2], [1, 3])),
    end: ({ lan }) => mendLinks(lan),
    replaced: true,
    before: { bothLease: 12.1, twoLords: 12.1, noLord: 0, rightAfter: 0.3 },
  },
  {
    name: "3 nodes to 5, in the wrong order; halves",
    plans: () => [{}, {}, {}],
    async prepare({ start, reload }) {
      await Promise.all([start(3, ofFive), start(4, ofFive), reload(2, ofFive)]);
    },
    says: "none",
    seconds: usualSeconds,
    begin: ({ lan }) => cutLinks(lan, between([0, 1], [2, 3, 4])),
    end: ({ lan }) => mendLinks(lan),
    replaced: true,
    before: { bothLease: 12.8, twoLords: 12.8, noLord: 0, rightAfter: 0.2 },
  },
  {
    name: "uuid renewed behind NAT, farewell lost; halves",
    // The nodes announce often, so that all is over before the old uuid is dropped as silent.
    plans: ({ freqSeconds }) => {
      const plan: Plan = { ...ofFive, freqSeconds: freqSeconds / 10 };
      return [plan, plan, { ...plan, failing: "check" }, plan, plan];
    },
    seconds: usualSeconds,
    async begin({ lan, lordsAre, fail, mend, node }) {
      // The first hears the fourth as well, so that it hears a quorum.
      const cuts = between([0, renewing], [1, 3, 4]).filter(([from, to]) => from !== 3 || to !== 0);
      await cutLinks(lan, cuts);
      await lordsAre(1);
      await sending(lan, renewing, "dropped");
      const from = node(renewing).lines.length;
      await fail(renewing, "check");
      const failed = await node(renewing).line(/check cmd fails/, from);
      await mend(renewing, "check");
      await node(renewing).line(/check cmd passes/, failed);
      await sending(lan, renewing, { from: "10.77.0.103" });
    },
    async end({ lan }) {
      await sending(lan, renewing, "as they are");
      await mendLinks(lan);
    },
    replaced: true,
    before: { bothLease: 1.9, twoLords: 1.9, noLord: 0.9, rightAfter: 0.5 },
  },
];
