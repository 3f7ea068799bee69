import { block, unblock } from "./firewall.ts";
import type { Settings } from "./settings.ts";
import { legionPort, type Stage } from "./stage.ts";

/** A fault, and what must come of it. */
export interface Scenario {
  readonly name: string;
  /** How long the fault lasts. */
  readonly seconds: (settings: Settings) => number;
  readonly begin: (stage: Stage) => Promise<void> | void;
  readonly end: (stage: Stage) => Promise<void> | void;
  /** Whether another node has to become lord meanwhile. */
  readonly replaced: boolean;
  /** The lord has a wall clock of its own; default false. */
  readonly ownClock?: boolean;
}

// Of the nodes of a stage the first is the lord.
const lord = 0;
const all = 'iifname != "lo" drop';
const legion = `udp dport ${legionPort}`;
const usualSeconds = ({ freqSeconds }: Settings) => 15 * freqSeconds;

/** All drills, in their order. */
export const scenarios: readonly Scenario[] = [
  {
    name: "lord cut off both ways",
    ...blocked({ input: all, output: 'oifname != "lo" drop' }),
  },
  { name: "lord mute: it hears all", ...blocked({ output: `${legion} drop` }) },
  { name: "lord deaf: it is heard", ...blocked({ input: `${legion} drop` }) },
  {
    name: "lord stopped, then resumed",
    seconds: ({ toleranceSeconds }) => 3 * toleranceSeconds,
    begin: ({ nodes }) => nodes[lord].signal("SIGSTOP"),
    end: ({ nodes }) => nodes[lord].signal("SIGCONT"),
    replaced: true,
  },
  { name: "lord's clock 1 h ahead", ...stepped("+1h") },
  { name: "lord's clock 1 h behind", ...stepped("-1h") },
  {
    name: "30 % loss at every node",
    seconds: usualSeconds,
    begin: ({ lan }) =>
      everywhere(
        lan.addresses,
        (server) =>
          block(lan, server, { input: 'iifname != "lo" numgen random mod 100 < 30 drop' }),
      ),
    end: ({ lan }) => everywhere(lan.addresses, (server) => unblock(lan, server)),
    replaced: false,
  },
];

function blocked(rules: Parameters<typeof block>[2]): Omit<Scenario, "name"> {
  return {
    seconds: usualSeconds,
    begin: ({ lan }) => block(lan, lord, rules),
    end: ({ lan }) => unblock(lan, lord),
    replaced: true,
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
  addresses: readonly string[],
  act: (server: number) => Promise<void>,
): Promise<void> {
  await Promise.all([...addresses.keys()].map(act));
}
