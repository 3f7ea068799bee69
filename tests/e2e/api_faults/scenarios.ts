import { apiPorts } from "../../lab/api_process.ts";
import { block } from "../faults/firewall.ts";
import type { Stage } from "./stage.ts";

/** A fault of the API or of the way to it, in which the lord dies; and the outcome it has to have. */
export interface Scenario {
  /** The name in the table. */
  readonly name: string;
  /** The addresses of the legion; default: one. */
  readonly addresses?: readonly string[];
  /** The addresses that are no longer on the account. */
  readonly cancelled?: readonly string[];
  /** Variables in the environment of the nodes. */
  readonly env?: (stage: Pick<Stage, "lan">) => Readonly<Record<string, string>>;
  /** Comes about before the nodes start. */
  readonly before?: (stage: Pick<Stage, "lan">) => Promise<void>;
  /** The fault, just before the lord is killed. */
  readonly begin?: (stage: Stage) => Promise<void>;
  /** The end of the fault, where it ends: so many seconds after the lord's death. */
  readonly end?: { readonly afterSeconds: number; readonly run: (stage: Stage) => Promise<void> };
  /** The server that is to have everything in the end, by its index. */
  readonly right: number;
  /** Within how many seconds of the lord's death. */
  readonly within: number;
  /** The most requests of all nodes until then. */
  readonly most: { readonly posts: number; readonly gets: number };
}

const servers = [0, 1, 2];
const four = ["4.4.4.1", "4.4.4.2", "4.4.4.3", "4.4.4.4"];
const second = 1;
const third = 2;
const noNames = "udp dport 53 drop; tcp dport 53 drop";
const noApi = `tcp dport ${apiPorts.robot} drop`;

// A lord is missed after 3 s; a switch takes 1 s, and a machine under load its time.
const soon = 10;

/** All drills, the longest first. */
export const scenarios: readonly Scenario[] = [
  {
    name: "API blocked for the next node, by a firewall that drops",
    begin: ({ lan }) => block(lan, second, { output: noApi }),
    right: third,
    // The takeover of the next node has its deadline, 3 minutes, before another may try.
    within: 180 + 2 * soon,
    most: { posts: 1, gets: 2 },
  },
  {
    name: "maintenance of two minutes",
    begin: ({ api }) => api.maintenance(true),
    end: { afterSeconds: 120, run: ({ api }) => api.maintenance(false) },
    right: second,
    within: 120 + 60 + soon,
    most: { posts: 5, gets: 10 },
  },
  {
    name: "one of four addresses cancelled (404)",
    addresses: four,
    cancelled: [four[2]],
    right: second,
    within: soon,
    most: { posts: 4, gets: 4 },
  },
  {
    name: "DNS dead",
    begin: ({ lan }) => everywhere((server) => block(lan, server, { output: noNames })),
    right: second,
    within: soon,
    most: { posts: 1, gets: 1 },
  },
  {
    name: "DNS dead, and the next node started again since",
    async begin(stage) {
      await everywhere((server) => block(stage.lan, server, { output: noNames }));
      await stage.kill(second);
      stage.start(second);
      // Its notes and its state stay, as those of a process that its supervisor starts again.
      const hasReturned = () =>
        stage.logs.some((line) => line.includes(" goes on as the process before it"));
      if (!await stage.until(hasReturned, soon)) throw new Error("it has not started again");
    },
    right: second,
    within: soon,
    most: { posts: 1, gets: 2 },
  },
  {
    name: "proxy needed",
    env: ({ lan }) => ({ https_proxy: `http://${lan.switchAddress}:${apiPorts.proxy}` }),
    before: ({ lan }) => everywhere((server) => block(lan, server, { output: noApi })),
    right: second,
    within: soon,
    most: { posts: 1, gets: 1 },
  },
];

async function everywhere(act: (server: number) => Promise<void>): Promise<void> {
  await Promise.all(servers.map(act));
}
