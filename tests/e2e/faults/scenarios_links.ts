// Three nodes alike, and faults of links, clocks and processes.
import { between, block, type Cut, cutLinks, mendLinks, type Rules, unblock } from "./firewall.ts";
import { legionPort } from "./_plan.ts";
import { type Scenario, usualSeconds } from "./scenario.ts";

// Of the nodes of a stage the first is the lord.
const lord = 0;
const all = 'iifname != "lo" drop';
const legion = `udp dport ${legionPort}`;
const allLinks = between([0], [1], [2]);

/** Links that fail again and again: no node is to blame, and so none stands back for it. */
export const shortCuts: Scenario = {
  name: "nine short cuts of all links",
  seconds: () => 0,
  async begin(stage) {
    for (let cut = 1;; cut++) {
      await cutLinks(stage.lan, allLinks);
      await stage.lordsAre();
      if (cut === 9) return;
      await mendLinks(stage.lan);
      // Whether there is one in time is asked after the last cut.
      await stage.until(() => stage.isRight(), 4 * stage.settings.toleranceSeconds);
    }
  },
  end: ({ lan }) => mendLinks(lan),
  right: "any",
  rightWithin: ({ toleranceSeconds }) => 2 * toleranceSeconds,
  before: { bothLease: 0, twoLords: 0, noLord: 21.4, rightAfter: null },
};

/** Faults of links, clocks and processes. */
export const linksAndClocks: readonly Scenario[] = [
  {
    name: "lord cut off both ways",
    ...blocked({ input: all, output: 'oifname != "lo" drop' }),
  },
  { name: "lord mute: it hears all", ...blocked({ output: `${legion} drop` }) },
  { name: "lord deaf: it is heard", ...blocked({ input: `${legion} drop` }) },
  {
    name: "lord stopped, then resumed",
    seconds: ({ toleranceSeconds }) => 3 * toleranceSeconds,
    begin: (stage) => stage.node(lord).signal("SIGSTOP"),
    end: (stage) => stage.node(lord).signal("SIGCONT"),
    replaced: true,
  },
  { name: "lord's clock 1 h ahead", ...stepped("+1h") },
  { name: "lord's clock 1 h behind", ...stepped("-1h") },
  {
    name: "30 % loss at every node",
    seconds: usualSeconds,
    begin: ({ lan, servers }) =>
      everywhere(
        servers,
        (server) =>
          block(lan, server, { input: 'iifname != "lo" numgen random mod 100 < 30 drop' }),
      ),
    end: ({ lan }) => mendLinks(lan),
  },
  { name: "a ring of cuts, 1>2>3>1, but for 2>3", ...oneWay([0, 1], [2, 0]) },
  { name: "a ring of cuts, 3>2>1>3, but for 3>2", ...oneWay([1, 0], [0, 2]) },
  shortCuts,
];

function blocked(rules: Rules): Omit<Scenario, "name"> {
  return {
    seconds: usualSeconds,
    begin: ({ lan }) => block(lan, lord, rules),
    end: ({ lan }) => unblock(lan, lord),
    replaced: true,
  };
}

/** The second and third hear each other; the lord hears one of them, and is heard by the other. */
function oneWay(...cuts: Cut[]): Omit<Scenario, "name"> {
  return {
    seconds: usualSeconds,
    begin: ({ lan }) => cutLinks(lan, cuts),
    end: ({ lan }) => mendLinks(lan),
    replaced: true,
    noLordAtMost: ({ toleranceSeconds }) => 2 + toleranceSeconds,
    before: { bothLease: 0, twoLords: 0, noLord: 13.5, rightAfter: 1.1 },
  };
}

function stepped(offset: string): Omit<Scenario, "name"> {
  return {
    seconds: usualSeconds,
    begin: ({ clock }) => clock?.set(offset),
    end: ({ clock }) => clock?.set("+0"),
    replaced: true,
    ownClock: true,
  };
}

async function everywhere(
  servers: readonly number[],
  act: (server: number) => Promise<void>,
): Promise<void> {
  await Promise.all(servers.map(act));
}
